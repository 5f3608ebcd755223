using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Anthropic's words for things that the neutral model knows by others.</summary>
internal static class AnthropicWords
{
    /// <summary>Reads a stop reason (Anthropic, "Handling stop reasons"); null for anything but a string.</summary>
    public static FinishReason? FinishReasonOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return null;
        if (reader.ValueTextEquals("end_turn"u8)) return FinishReason.Stop;
        if (reader.ValueTextEquals("tool_use"u8)) return FinishReason.ToolCalls;
        if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("model_context_window_exceeded"u8)) return FinishReason.Length;
        if (reader.ValueTextEquals("stop_sequence"u8)) return FinishReason.StopSequence;
        if (reader.ValueTextEquals("refusal"u8)) return FinishReason.Refusal;
        return reader.ValueTextEquals("pause_turn"u8) ? FinishReason.Pause : FinishReason.Other;
    }

    /// <summary>Writes a finish reason; <paramref name="hasToolCalls"/> settles it where the provider did not or said only that it stopped.</summary>
    public static ReadOnlySpan<byte> StopReasonOf(FinishReason? reason, bool hasToolCalls) => reason switch
    {
        FinishReason.Length => "max_tokens"u8,
        FinishReason.StopSequence => "stop_sequence"u8,
        FinishReason.ContentFilter or FinishReason.Refusal => "refusal"u8,
        FinishReason.Pause => "pause_turn"u8,
        FinishReason.ToolCalls => "tool_use"u8,
        _ => hasToolCalls ? "tool_use"u8 : "end_turn"u8,
    };

    /// <summary>OpenAI's word for a service tier that served; the two agree on <c>priority</c> and <c>batch</c>.</summary>
    public static ReadOnlySpan<byte> TierOf(ReadOnlySpan<byte> anthropicTier) => anthropicTier.SequenceEqual("standard"u8) ? "default"u8 : anthropicTier;
}
