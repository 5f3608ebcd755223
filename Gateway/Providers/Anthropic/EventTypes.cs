using System.Text.Json;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>The types of a stream's events (Anthropic, "Streaming Messages", Event types).</summary>
internal enum EventType
{
    /// <summary>The event does not say.</summary>
    None,

    /// <summary>A type that this module does not know; to be passed over, as the versioning policy asks.</summary>
    Other,

    /// <summary><c>ping</c>.</summary>
    Ping,

    /// <summary><c>message_start</c>.</summary>
    MessageStart,

    /// <summary><c>content_block_start</c>.</summary>
    ContentBlockStart,

    /// <summary><c>content_block_delta</c>.</summary>
    ContentBlockDelta,

    /// <summary><c>content_block_stop</c>.</summary>
    ContentBlockStop,

    /// <summary><c>message_delta</c>.</summary>
    MessageDelta,

    /// <summary><c>message_stop</c>.</summary>
    MessageStop,

    /// <summary><c>error</c>.</summary>
    Error,
}

/// <summary>Reads types of events.</summary>
internal static class EventTypes
{
    /// <summary>The type that the reader stands at.</summary>
    public static EventType Of(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return EventType.None;
        if (reader.ValueTextEquals("content_block_delta"u8)) return EventType.ContentBlockDelta;
        if (reader.ValueTextEquals("content_block_start"u8)) return EventType.ContentBlockStart;
        if (reader.ValueTextEquals("content_block_stop"u8)) return EventType.ContentBlockStop;
        if (reader.ValueTextEquals("message_start"u8)) return EventType.MessageStart;
        if (reader.ValueTextEquals("message_delta"u8)) return EventType.MessageDelta;
        if (reader.ValueTextEquals("message_stop"u8)) return EventType.MessageStop;
        if (reader.ValueTextEquals("ping"u8)) return EventType.Ping;
        return reader.ValueTextEquals("error"u8) ? EventType.Error : EventType.Other;
    }
}
