using System.Buffers;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>What <c>finishReason</c> and <c>promptFeedback.blockReason</c> mean (Gemini API and Vertex AI reference, "FinishReason", "BlockedReason").</summary>
internal static class GeminiFinish
{
    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);

    /// <summary>Whether the model produced something that is no answer: a tool call that cannot be parsed, or of a tool that it was not given.</summary>
    public static bool IsBroken(ReadOnlySpan<byte> reason) =>
        reason.StartsWith("MALFORMED_"u8) || reason.SequenceEqual("UNEXPECTED_TOOL_CALL"u8) || reason.SequenceEqual("TOO_MANY_TOOL_CALLS"u8)
        || reason.SequenceEqual("MISSING_THOUGHT_SIGNATURE"u8);

    /// <summary>Whether a body may hold such a reason; a cheap look before it is parsed for one.</summary>
    public static bool MayBeBroken(ReadOnlySpan<byte> body) =>
        body.IndexOf("\"MALFORMED_"u8) >= 0 || body.IndexOf("_TOOL_CALL"u8) >= 0 || body.IndexOf("\"MISSING_THOUGHT_SIGNATURE\""u8) >= 0;

    /// <summary>The reason in neutral words.</summary>
    public static FinishReason Of(ReadOnlySpan<byte> reason, bool hasToolCalls)
    {
        if (reason.SequenceEqual("STOP"u8)) return hasToolCalls ? FinishReason.ToolCalls : FinishReason.Stop;
        if (reason.SequenceEqual("MAX_TOKENS"u8)) return FinishReason.Length;
        return reason.EndsWith("SAFETY"u8) || reason.EndsWith("RECITATION"u8) || reason.EndsWith("PROHIBITED_CONTENT"u8)
            || reason.SequenceEqual("BLOCKLIST"u8) || reason.SequenceEqual("SPII"u8) || reason.SequenceEqual("MODEL_ARMOR"u8)
            ? FinishReason.ContentFilter
            : FinishReason.Other;
    }

    /// <summary>A prompt that a filter kept from the model.</summary>
    public static ProviderFailure Blocked(ReadOnlySpan<byte> reason) =>
        new("content_filter", TryNext: false, Refusal.RejectedByProvider(
            400, "content_filter", $"The provider's filter blocked the prompt ({WordOf(reason)}). Change the prompt, or choose a model of another provider.", null));

    /// <summary>An answer that the model could not finish.</summary>
    public static ProviderFailure Broken(ReadOnlySpan<byte> reason) =>
        new("server_error", TryNext: true, Refusal.UpstreamError($"The provider's model produced an answer that cannot be used ({WordOf(reason)}). Try again."));

    // Only a word of the provider's list goes on, nothing else that might stand there.
    private static string WordOf(ReadOnlySpan<byte> reason) =>
        reason.IsEmpty || reason.Length > 40 || reason.ContainsAnyExcept(Letters) ? "no reason given" : System.Text.Encoding.ASCII.GetString(reason);
}
