namespace AspireGateway.InjectionTraining;

/// <summary>SplitMix64: the same numbers on every machine and in every version of the runtime.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong state = seed;

    /// <summary>A number from 0 to below a bound.</summary>
    public int Next(int bound) => (int)((Next() >> 11) % (ulong)bound);

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
