namespace AspireGateway.Shared.Domain;

/// <summary>Which of a price's numbers hold for a request: pure, and without memory of its own, since it runs for every request.</summary>
public static class PriceChoice
{
    /// <summary>The token prices of the tier and of the longest step that the prompt, its cached parts included, is above.</summary>
    /// <param name="price">The price.</param>
    /// <param name="input">Input tokens outside every cache; negative counts as none, here and below.</param>
    /// <param name="cacheRead">Input tokens read from a cache.</param>
    /// <param name="cacheWrite">Input tokens written to a cache.</param>
    /// <param name="serviceTier">The tier that served; null, unknown or not priced apart = the standard prices.</param>
    public static TokenPrices TokensOf(PriceComponents price, long input, long cacheRead, long cacheWrite, string? serviceTier)
    {
        ArgumentNullException.ThrowIfNull(price);
        // Wider than a long, which a provider's nonsense could make overflow.
        var totalInput = (Int128)Math.Max(0, input) + Math.Max(0, cacheRead) + Math.Max(0, cacheWrite);
        if (serviceTier is not null && price.Tiers is { } tiers)
        {
            for (var i = 0; i < tiers.Count; i++)
                if (string.Equals(tiers[i].Name, serviceTier, StringComparison.OrdinalIgnoreCase)) return StepOf(tiers[i], tiers[i].Steps, totalInput);
        }
        return StepOf(price, price.Steps, totalInput);
    }

    /// <summary>
    /// The price of an image: the one of its size and quality, else of its size, else of its quality, else the default; null = none of them is there.
    /// </summary>
    public static long? ImageOf(PriceComponents price, string? size, string? quality)
    {
        ArgumentNullException.ThrowIfNull(price);
        if (price.Images is not { } images) return null;
        long? found = null;
        var foundRank = -1;
        for (var i = 0; i < images.Count; i++)
        {
            var rank = Rank(images[i].Size, size, 2) + Rank(images[i].Quality, quality, 1);
            if (rank <= foundRank) continue;
            (found, foundRank) = (images[i].Price, rank);
        }
        return found;
    }

    /// <summary>Whether nothing in the price costs anything.</summary>
    public static bool IsFree(PriceComponents price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return price.Request == 0 && !HasTokenPrices(price) && price.Second is null or 0 && price.Character is null or 0 && price.Search is null or 0
            && (price.Images is not { Count: > 0 } images || AllZero(images));
    }

    /// <summary>Whether a token class costs something in the standard prices.</summary>
    public static bool HasTokenPrices(TokenPrices price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return price.Input > 0 || price.Output > 0 || price.CacheRead > 0 || price.CacheWrite > 0 || price.CacheWrite1h > 0
            || price.AudioInput > 0 || price.AudioOutput > 0;
    }

    private static TokenPrices StepOf(TokenPrices standard, IReadOnlyList<PriceStep>? steps, Int128 totalInput)
    {
        if (steps is null) return standard;
        for (var i = steps.Count - 1; i >= 0; i--)
            if (totalInput > steps[i].Above) return steps[i];
        return standard;
    }

    // An entry that names nothing fits everything, worth nothing; one that names something else fits nothing.
    private static int Rank(string? named, string? asked, int worth) =>
        named is null ? 0 : string.Equals(named, asked, StringComparison.OrdinalIgnoreCase) ? worth : -10;

    private static bool AllZero(IReadOnlyList<ImagePrice> images)
    {
        for (var i = 0; i < images.Count; i++)
            if (images[i].Price != 0) return false;
        return true;
    }
}
