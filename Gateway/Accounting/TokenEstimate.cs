namespace AspireGateway.Gateway.Accounting;

/// <summary>Output tokens where nobody reports them; input is <see cref="Estimating.TokenEstimator"/>'s. About four bytes of English text make a token in the tokenizers of the large vendors.</summary>
internal static class TokenEstimate
{
    private const int BytesPerToken = 4;

    /// <summary>Estimated tokens of that many bytes of text; at least 1 when there are any.</summary>
    public static long FromBytes(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
