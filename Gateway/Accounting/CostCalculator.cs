using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Cost of what a request used at a price, in nano-USD. Exact until the one rounding at the end: half up, after summing.</summary>
internal static class CostCalculator
{
    private const int MillisecondsPerSecond = 1000;
    private const long ThousandthsPerNano = 1_000_000L * MillisecondsPerSecond;

    // A sum above this costs more than a long holds, whatever is added; below it, it takes every further product and scaling without overflow.
    private static readonly Int128 Ceiling = Int128.One << 100;

    /// <summary>The cost of a request that used only tokens, in the standard tier.</summary>
    public static long CostOf(PriceComponents price, in TokenUsage usage) => CostOf(price, usage, default, null);

    /// <summary>The cost of one request; never negative, and <see cref="long.MaxValue"/> rather than an overflow. Takes no memory.</summary>
    /// <param name="price">The price.</param>
    /// <param name="usage">Tokens by class; negative counts as none.</param>
    /// <param name="units">What else was used, and named parts of the token classes.</param>
    /// <param name="serviceTier">The tier that served; null, unknown or not priced apart = the standard prices.</param>
    public static long CostOf(PriceComponents price, in TokenUsage usage, in UnitUsage units, string? serviceTier)
    {
        var tokens = PriceChoice.TokensOf(price, usage.Input, usage.CacheRead, usage.CacheWrite, serviceTier);
        var (input, audioInput) = Split(usage.Input, units.AudioInputTokens);
        var (output, audioOutput) = Split(usage.Output, units.AudioOutputTokens);
        var (cacheWrite, cacheWrite1h) = Split(usage.CacheWrite, units.CacheWrite1hTokens);

        // In millionths of a nano-USD: what a million of costs so much.
        Int128 millionths = 0;
        Add(ref millionths, input, tokens.Input);
        Add(ref millionths, audioInput, tokens.AudioInput ?? tokens.Input);
        Add(ref millionths, usage.CacheRead, tokens.CacheRead ?? tokens.Input);
        Add(ref millionths, cacheWrite, tokens.CacheWrite ?? tokens.Input);
        Add(ref millionths, cacheWrite1h, tokens.CacheWrite1h ?? tokens.CacheWrite ?? tokens.Input);
        Add(ref millionths, output, tokens.Output);
        Add(ref millionths, audioOutput, tokens.AudioOutput ?? tokens.Output);
        Add(ref millionths, units.Characters, price.Character ?? 0);

        Int128 thousandthsOfMillionths = 0;
        Add(ref thousandthsOfMillionths, units.Milliseconds, price.Second ?? 0);

        Int128 whole = price.Request;
        Add(ref whole, units.Images, PriceChoice.ImageOf(price, units.ImageSize, units.ImageQuality) ?? 0);
        Add(ref whole, units.Searches, price.Search ?? 0);

        var cost = whole + (millionths * MillisecondsPerSecond + thousandthsOfMillionths + ThousandthsPerNano / 2) / ThousandthsPerNano;
        return cost < 0 ? 0 : cost > long.MaxValue ? long.MaxValue : (long)cost;
    }

    /// <summary>
    /// Whether the price says anything about what was used; if not, the cost is 0 for want of a price and must be flagged. Images, audio and characters
    /// may be paid for by the tokens that go with them; a search is always a charge of its own. A price of nothing but zeros is free on purpose.
    /// </summary>
    public static bool IsPriced(PriceComponents? price, in TokenUsage usage, in UnitUsage units)
    {
        if (price is null) return false;
        if (PriceChoice.IsFree(price)) return true;
        if (units.Searches > 0 && price.Search is null) return false;
        var usedTokens = usage.Input > 0 || usage.CacheRead > 0 || usage.CacheWrite > 0 || usage.Output > 0;
        if (!usedTokens && units.Images <= 0 && units.Milliseconds <= 0 && units.Characters <= 0) return true;
        return price.Request > 0
            || (usedTokens && PriceChoice.HasTokenPrices(price))
            || (units.Images > 0 && PriceChoice.ImageOf(price, units.ImageSize, units.ImageQuality) is not null)
            || (units.Milliseconds > 0 && price.Second is not null)
            || (units.Characters > 0 && price.Character is not null);
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
