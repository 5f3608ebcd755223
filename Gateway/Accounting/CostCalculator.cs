using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Cost of tokens at a price, in nano-USD. Exact until the one rounding at the end: half up, after summing.</summary>
internal static class CostCalculator
{
    private const int TokensPerPrice = 1_000_000;

    /// <summary>The cost of one request; never negative, and <see cref="long.MaxValue"/> rather than an overflow.</summary>
    public static long CostOf(PriceComponents price, in TokenUsage usage)
    {
        var perMillion =
            (Int128)usage.Input * price.Input
            + (Int128)usage.CacheRead * (price.CacheRead ?? price.Input)
            + (Int128)usage.CacheWrite * (price.CacheWrite ?? price.Input)
            + (Int128)usage.Output * price.Output;
        var cost = (perMillion + TokensPerPrice / 2) / TokensPerPrice + price.Request;
        return cost < 0 ? 0 : cost > long.MaxValue ? long.MaxValue : (long)cost;
    }
}
