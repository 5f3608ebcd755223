using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Prices;

/// <summary>Prices in a few words, for lists and differences.</summary>
public static class PriceWords
{
    private const string ReadingGap = " · ";

    /// <summary>What a price says, e.g. <c>$0.15 in · $0.60 out · $0.075 cached</c>; "free" when nothing costs anything.</summary>
    public static string Of(PriceComponents price)
    {
        ArgumentNullException.ThrowIfNull(price);
        if (PriceChoice.IsFree(price)) return "free";
        var parts = new List<string>();
        if (PriceChoice.HasTokenPrices(price))
        {
            parts.Add($"{Money.Price(price.Input)} in");
            parts.Add($"{Money.Price(price.Output)} out");
        }
        Add(price.CacheRead, "cached");
        Add(price.CacheWrite, "cache write");
        Add(price.CacheWrite1h, "cache write for an hour");
        Add(price.AudioInput, "audio in");
        Add(price.AudioOutput, "audio out");
        if (price.Images is { Count: > 0 } images)
            parts.Add(images.Min(i => i.Price) is var least && images.Max(i => i.Price) is var most && least == most
                ? $"{Money.Text(least)} an image" : $"{Money.Text(least)} to {Money.Text(most)} an image");
        if (price.Second is { } second) parts.Add($"{PerMinute(second)} a minute");
        Add(price.Character, "per million characters");
        if (price.Search is { } search) parts.Add($"{Money.Text(search)} a search");
        if (price.Request > 0) parts.Add($"{Money.Text(price.Request)} a request");
        return string.Join(ReadingGap, parts);

        void Add(long? amount, string what)
        {
            if (amount is { } perMillion) parts.Add($"{Money.Price(perMillion)} {what}");
        }
    }

    /// <summary>What else a price has than its standard token prices, e.g. <c>above 200 k tokens</c>, <c>flex</c>; empty = nothing.</summary>
    public static IReadOnlyList<string> Extras(PriceComponents price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return [.. (price.Steps ?? []).Select(s => $"other prices above {Quantity.Brief(s.Above)} tokens"), .. (price.Tiers ?? []).Select(t => t.Name)];
    }

    private static string PerMinute(long perMillionSeconds) => Money.Price((long)Math.Round(perMillionSeconds * 60 / 1_000_000m, MidpointRounding.AwayFromZero));
}
