namespace AspireGateway.Shared.Domain;

/// <summary>
/// Cost of what was used at a price, in nano-USD. Exact until the one rounding at the end: half up, after summing. The gateway prices requests with it, and the portal prices recorded ones again.
/// </summary>
public static class PriceFormula
{
    private const int MillisecondsPerSecond = 1000;
    private const long ThousandthsPerNano = 1_000_000L * MillisecondsPerSecond;

    // A sum above this costs more than a long holds, whatever is added; below it, it takes every further product and scaling without overflow.
    private static readonly Int128 Ceiling = Int128.One << 100;

    /// <summary>The cost; never negative, and <see cref="long.MaxValue"/> rather than an overflow. Takes no memory.</summary>
    /// <param name="price">The price.</param>
    /// <param name="used">What was used.</param>
    public static long CostOf(PriceComponents price, in BilledUsage used)
    {
        ArgumentNullException.ThrowIfNull(price);
        var tokens = PriceChoice.TokensOf(price, used.Input, used.CacheRead, used.CacheWrite, used.ServiceTier);
        var (input, audioInput) = Split(used.Input, used.AudioInput);
        var (output, audioOutput) = Split(used.Output, used.AudioOutput);
        var (cacheWrite, cacheWrite1h) = Split(used.CacheWrite, used.CacheWrite1h);

        // In millionths of a nano-USD: what a million of costs so much.
        Int128 millionths = 0;
        Add(ref millionths, input, tokens.Input);
        Add(ref millionths, audioInput, tokens.AudioInput ?? tokens.Input);
        Add(ref millionths, used.CacheRead, tokens.CacheRead ?? tokens.Input);
        Add(ref millionths, cacheWrite, tokens.CacheWrite ?? tokens.Input);
        Add(ref millionths, cacheWrite1h, tokens.CacheWrite1h ?? tokens.CacheWrite ?? tokens.Input);
        Add(ref millionths, output, tokens.Output);
        Add(ref millionths, audioOutput, tokens.AudioOutput ?? tokens.Output);
        Add(ref millionths, used.Characters, price.Character ?? 0);

        Int128 thousandthsOfMillionths = 0;
        Add(ref thousandthsOfMillionths, used.Milliseconds, price.Second ?? 0);

        Int128 whole = price.Request;
        Add(ref whole, used.Images, PriceChoice.ImageOf(price, used.ImageSize, used.ImageQuality) ?? 0);
        Add(ref whole, used.Searches, price.Search ?? 0);

        var cost = whole + (millionths * MillisecondsPerSecond + thousandthsOfMillionths + ThousandthsPerNano / 2) / ThousandthsPerNano;
        return cost < 0 ? 0 : cost > long.MaxValue ? long.MaxValue : (long)cost;
    }

    // A part is never more than its whole, so that nothing becomes negative whatever a provider reports.
    private static (long Whole, long Part) Split(long whole, long part)
    {
        part = Math.Clamp(part, 0, Math.Max(0, whole));
        return (whole - part, part);
    }

    private static void Add(ref Int128 sum, long count, long price)
    {
        if (count <= 0 || price <= 0) return;
        sum += (Int128)count * price;
        if (sum > Ceiling) sum = Ceiling;
    }
}
