namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>64 bits of FNV-1a over UTF-16 units. That two of some 10^6 words in use meet has a chance below 10^-7.</summary>
internal static class WordHash
{
    /// <summary>The hash of no letters.</summary>
    public const ulong Empty = 14695981039346656037;

    private const ulong Prime = 1099511628211, StemSalt = 0x9E3779B97F4A7C15, RowSalt = 0xBF58476D1CE4E5B9;

    /// <summary>The hash with one more letter.</summary>
    public static ulong Next(ulong hash, char letter) => (hash ^ letter) * Prime;

    /// <summary>The hash of a word; an apostrophe within does not count.</summary>
    public static ulong Of(ReadOnlySpan<char> letters)
    {
        var hash = Empty;
        foreach (var letter in letters)
            if (letter != '\'') hash = Next(hash, letter);
        return hash;
    }

    /// <summary>The key of the words that begin so.</summary>
    public static ulong Stem(ulong hash) => hash ^ StemSalt;

    /// <summary>The key of a row of words whose last one is given.</summary>
    public static ulong Row(ulong before, ulong last) => (((before << 13) | (before >> 51)) ^ last) * RowSalt;
}
