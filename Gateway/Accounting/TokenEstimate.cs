using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Tokens where nobody reports them. About four bytes of English text make a token in the tokenizers of the large vendors.</summary>
internal static class TokenEstimate
{
    private const int BytesPerToken = 4;
    // OpenAI's audio models hear ten tokens a second.
    private const int MillisecondsPerToken = 100;

    /// <summary>Estimated tokens of that many bytes of text; at least 1 when there are any.</summary>
    public static long FromBytes(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    /// <summary>Estimated input tokens of a request: its text, and the recording that goes with it.</summary>
    public static long InputOf(RequestFacts facts) => FromBytes(facts.PromptBytes) + facts.Units.Milliseconds / MillisecondsPerToken;
}
