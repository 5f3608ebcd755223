namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>A digest of 32 bits for words and their pieces: FNV-1a with the finaliser of MurmurHash3. The same in every process and build, because rows outlive both.</summary>
internal static class WordDigest
{
    private const uint Basis = 2_166_136_261, Prime = 16_777_619;

    /// <summary>Of characters.</summary>
    public static uint Of(ReadOnlySpan<char> text, uint seed = 0)
    {
        var hash = Basis ^ seed;
        foreach (var unit in text) hash = (hash ^ unit) * Prime;
        return Mixed(hash);
    }

    /// <summary>Of two digests in their order.</summary>
    public static uint Of(uint first, uint second) => Mixed((first * 31) ^ (second + 0x9E37_79B9));

    private static uint Mixed(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EB_CA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2_AE35;
        return hash ^ (hash >> 16);
    }
}
