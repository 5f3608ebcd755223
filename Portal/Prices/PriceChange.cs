using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Prices;

/// <summary>A component of a price that differs.</summary>
/// <param name="Component">What it is the price of, e.g. <c>cached input</c>.</param>
/// <param name="Before">The price before; null = there was none of its own.</param>
/// <param name="After">The price after; null = there is none of its own.</param>
public sealed record PriceChange(string Component, string? Before, string? After)
{
    /// <summary>What differs between two prices, component by component; of a first price all that it has.</summary>
    public static IReadOnlyList<PriceChange> Of(PriceComponents? before, PriceComponents? after)
    {
        var (old, now) = (Parts(before), Parts(after));
        return [.. now.Keys.Union(old.Keys, StringComparer.Ordinal).Select(name => new PriceChange(name, old.GetValueOrDefault(name), now.GetValueOrDefault(name))).Where(c => c.Before != c.After)];
    }

    private static Dictionary<string, string> Parts(PriceComponents? price)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (price is null) return parts;
        Tokens(parts, "", price);
        foreach (var step in price.Steps ?? []) Tokens(parts, $" above {Quantity.Brief(step.Above)} tokens", step);
        foreach (var tier in price.Tiers ?? [])
        {
            Tokens(parts, $" ({tier.Name})", tier);
            foreach (var step in tier.Steps ?? []) Tokens(parts, $" ({tier.Name}) above {Quantity.Brief(step.Above)} tokens", step);
        }
        foreach (var image in price.Images ?? [])
            parts[$"image{(image.Size is { } size ? $" {size}" : "")}{(image.Quality is { } quality ? $" {quality}" : "")}"] = Money.Text(image.Price);
        Add(parts, "a million seconds", price.Second);
        Add(parts, "a million characters", price.Character);
        if (price.Search is { } search) parts["search"] = Money.Text(search);
        if (price.Request > 0) parts["request"] = Money.Text(price.Request);
        return parts;
    }

    private static void Tokens(Dictionary<string, string> parts, string where, TokenPrices price)
    {
        parts["input" + where] = Money.Price(price.Input);
        Add(parts, "cached input" + where, price.CacheRead);
        Add(parts, "cache write" + where, price.CacheWrite);
        Add(parts, "cache write for an hour" + where, price.CacheWrite1h);
        parts["output" + where] = Money.Price(price.Output);
        Add(parts, "audio in" + where, price.AudioInput);
        Add(parts, "audio out" + where, price.AudioOutput);
    }

    private static void Add(Dictionary<string, string> parts, string name, long? perMillion)
    {
        if (perMillion is { } price) parts[name] = Money.Price(price);
    }
}
