using System.Text.Json;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// Reads the events of a message stream for their facts (Anthropic, "Streaming Messages"). Nearly all are pieces of the answer and begin with the same
/// bytes: those are recognised by comparison and their text is measured with vectorised searches; the few others are parsed. A quoted key cannot be
/// faked inside a JSON string, whose quotes are escaped.
/// </summary>
internal static class AnthropicStreamFacts
{
    private const byte Quote = (byte)'"';

    /// <summary>Whether the event reports a failure, or is none of this protocol.</summary>
    public static bool IsFailure(ReadOnlySpan<byte> data)
    {
        if (IsPiece(data)) return false;
        var parsed = default(Event);
        return !TryParse(data, ref parsed, null) || parsed.Type is EventType.Error;
    }

    /// <summary>Reads one event.</summary>
    public static StreamVerdict Read(ReadOnlySpan<byte> data, ReplyFacts facts)
    {
        if (AnthropicPiece.TryRead(data, out _, out var text))
        {
            facts.ContentEvents++;
            facts.ContentBytes += text.Length;
            return new(StreamAction.Forward);
        }
        if (IsPiece(data))
        {
            CountContent(data, facts);
            return new(StreamAction.Forward);
        }
        var parsed = default(Event);
        if (!TryParse(data, ref parsed, facts.Usage)) return new(StreamAction.Fail);
        switch (parsed.Type)
        {
            case EventType.Error:
                return new(StreamAction.Fail);
            case EventType.MessageStop:
                return new(StreamAction.Done);
            case EventType.ContentBlockDelta:
                CountContent(data, facts);
                break;
            case EventType.ContentBlockStart:
                facts.ContentEvents++;
                break;
            case EventType.MessageStart or EventType.MessageDelta:
                facts.Usage = parsed.Usage;
                AnthropicUsage.NoteRest(data, facts);
                facts.ServedModel ??= parsed.Model;
                facts.IsFinished |= parsed.IsFinished;
                break;
        }
        return new(StreamAction.Forward);
    }

    private static bool IsPiece(ReadOnlySpan<byte> data) => data.StartsWith("{\"type\":\"content_block_delta\",\""u8) && data[^1] == '}';

    private static void CountContent(ReadOnlySpan<byte> data, ReplyFacts facts)
    {
        facts.ContentEvents++;
        // A signature is no answer; everything else that comes in pieces is.
        var text = JsonSearch.ValueOf(data, "\"text\""u8);
        if (text < 0) text = JsonSearch.ValueOf(data, "\"partial_json\""u8);
        if (text < 0) text = JsonSearch.ValueOf(data, "\"thinking\""u8);
        if (text >= 0 && data[text] == Quote) facts.ContentBytes += JsonSearch.TextLength(data[(text + 1)..]);
    }

    private static bool TryParse(ReadOnlySpan<byte> data, ref Event found, Pipeline.TokenUsage? before)
    {
        found.Usage = before;
        var reader = new Utf8JsonReader(data, AnthropicJson.Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (AnthropicJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    found.Type = EventTypes.Of(ref reader);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("delta"u8))
                {
                    reader.Read();
                    ReadInner(ref reader, ref found);
                }
                else if (reader.ValueTextEquals("usage"u8))
                {
                    reader.Read();
                    found.Usage = AnthropicUsage.Read(ref reader, found.Usage);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            // Anything behind the object is an error that this read finds.
            reader.Read();
            return found.Type != EventType.None;
        }
        catch (Exception fault) when (AnthropicJson.IsBadInput(fault))
        {
            return false;
        }
    }

    private static void ReadInner(ref Utf8JsonReader reader, ref Event found)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                found.Usage = AnthropicUsage.Read(ref reader, found.Usage);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) found.Model = reader.GetString();
                reader.Skip();
            }
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                reader.Read();
                found.IsFinished |= reader.TokenType == JsonTokenType.String;
                reader.Skip();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    /// <summary>What an event says beside the answer's text.</summary>
    private ref struct Event
    {
        public EventType Type;
        public Pipeline.TokenUsage? Usage;
        public string? Model;
        public bool IsFinished;
    }
}
