using System.Security.Cryptography;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>
/// Numbers by chance for splits, for any number of threads at once; the same ones again for the same seed. SplitMix64 (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014). Nothing secret.
/// </summary>
internal sealed class Chance(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    /// <summary>One that nobody can foretell.</summary>
    public Chance()
        : this(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))))
    {
    }

    /// <summary>A number from 0 up to, and without, 1.</summary>
    public double Next()
    {
        var z = Interlocked.Add(ref state, Step);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        // The upper 53 bits, as many as a double has.
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A whole number from 0 up to, and without, a bound.</summary>
    public int Next(int bound) => (int)(Next() * bound);
}
