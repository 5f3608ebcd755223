using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Cost of what a request used at a price, in nano-USD; by <see cref="PriceFormula"/>.</summary>
internal static class CostCalculator
{
    /// <summary>The cost of a request that used only tokens, in the standard tier.</summary>
    public static long CostOf(PriceComponents price, in TokenUsage usage) => CostOf(price, usage, default, null);

    /// <summary>The cost of one request; never negative, and <see cref="long.MaxValue"/> rather than an overflow. Takes no memory.</summary>
    /// <param name="price">The price.</param>
    /// <param name="usage">Tokens by class; negative counts as none.</param>
    /// <param name="units">What else was used, and named parts of the token classes.</param>
    /// <param name="serviceTier">The tier that served; null, unknown or not priced apart = the standard prices.</param>
    public static long CostOf(PriceComponents price, in TokenUsage usage, in UnitUsage units, string? serviceTier) => PriceFormula.CostOf(price, new()
    {
        Input = usage.Input, CacheRead = usage.CacheRead, CacheWrite = usage.CacheWrite, Output = usage.Output, AudioInput = units.AudioInputTokens, AudioOutput = units.AudioOutputTokens,
        CacheWrite1h = units.CacheWrite1hTokens, Images = units.Images, ImageSize = units.ImageSize, ImageQuality = units.ImageQuality, Milliseconds = units.Milliseconds, Characters = units.Characters,
        Searches = units.Searches, ServiceTier = serviceTier,
    });

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
}
