using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Converse's words for why an answer ended (Amazon Bedrock API reference, "Converse", stopReason).</summary>
internal static class BedrockFinish
{
    /// <summary>The reason that a word means.</summary>
    public static FinishReason Of(ReadOnlySpan<byte> stopReason) =>
        stopReason.SequenceEqual("end_turn"u8) ? FinishReason.Stop
        : stopReason.SequenceEqual("tool_use"u8) ? FinishReason.ToolCalls
        : stopReason.SequenceEqual("max_tokens"u8) || stopReason.SequenceEqual("model_context_window_exceeded"u8) ? FinishReason.Length
        : stopReason.SequenceEqual("stop_sequence"u8) ? FinishReason.StopSequence
        : stopReason.SequenceEqual("guardrail_intervened"u8) || stopReason.SequenceEqual("content_filtered"u8) ? FinishReason.ContentFilter
        : stopReason.SequenceEqual("refusal"u8) ? FinishReason.Refusal
        : FinishReason.Other;
}
