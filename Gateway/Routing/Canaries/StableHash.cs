namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>
/// A place from 0 to 9,999 for a name, the same on every gateway and after every restart, evenly spread: FNV-1a (Fowler, Noll, Vo; RFC 9923) over the characters, then
/// the finaliser of SplitMix64, since FNV's low bits alone are not even.
/// </summary>
internal static class StableHash
{
    /// <summary>How many places there are.</summary>
    public const int Places = 10_000;

    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;

    /// <summary>The place of a name in a split.</summary>
    /// <param name="split">What is split: who is early in one is not early in all.</param>
    /// <param name="name">Whose place.</param>
    public static int PlaceOf(ReadOnlySpan<char> split, ReadOnlySpan<char> name)
    {
        var hash = Add(Add(Offset, split) * Prime, name);
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return (int)((hash ^ (hash >> 31)) % Places);
    }

    private static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var c in text) hash = (hash ^ c) * Prime;
        return hash;
    }
}
