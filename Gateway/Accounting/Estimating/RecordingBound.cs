namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>
/// How long a recording can be at the very most, by its size. Codecs for speech need 4,000 bits a second or more (MP3 8,000, Opus 6,000, AMR 4,750);
/// silence that a lossless codec shrinks to nothing is outside this bound.
/// </summary>
internal static class RecordingBound
{
    // 4,000 bits a second are half a byte a millisecond, and 667 bytes of base64 a second.
    private const long MillisecondsPerByte = 2;
    private const long Base64BytesPerSecond = 640;
    // Google, "Audio understanding": 32 tokens a second. OpenAI counts 10.
    private const long TokensPerSecond = 32;

    /// <summary>Its length in milliseconds.</summary>
    public static long MillisecondsOf(long bytes) => bytes * MillisecondsPerByte;

    /// <summary>Its length in tokens.</summary>
    public static long TokensOf(long bytes) => bytes * MillisecondsPerByte * TokensPerSecond / 1000 + 1;

    /// <summary>Its length in tokens where it stands in base64.</summary>
    public static long TokensOfBase64(long bytes) => bytes * TokensPerSecond / Base64BytesPerSecond + 1;
}
