namespace AspireGateway.Shared.Domain;

/// <summary>
/// Prices in nano-USD (1e-9 USD): of a million tokens, seconds or characters; of one image, search or request. So $0.15 per million tokens is
/// 150,000,000. What is missing (null) has no price, except where another is named. All values are at least 0; see <see cref="PriceRules"/>.
/// </summary>
public sealed record PriceComponents : TokenPrices
{
    /// <summary>Other token prices for requests with a long prompt, by ascending threshold; null = none.</summary>
    public IReadOnlyList<PriceStep>? Steps { get; init; }

    /// <summary>Other token prices by service tier; null = none. A tier that is not listed costs as the standard one.</summary>
    public IReadOnlyList<PriceTier>? Tiers { get; init; }

    /// <summary>Prices of an image by size and quality; the entry that names neither is the default. Null = none.</summary>
    public IReadOnlyList<ImagePrice>? Images { get; init; }

    /// <summary>A million seconds of audio.</summary>
    public long? Second { get; init; }

    /// <summary>A million characters of text to be spoken.</summary>
    public long? Character { get; init; }

    /// <summary>One search: a rerank request, or a web search that the provider ran.</summary>
    public long? Search { get; init; }

    /// <summary>One request, whatever its size.</summary>
    public long Request { get; init; }

    /// <inheritdoc />
    public bool Equals(PriceComponents? other) =>
        base.Equals(other) && (Second, Character, Search, Request) == (other.Second, other.Character, other.Search, other.Request)
        && ValueLists.Same(Steps, other.Steps) && ValueLists.Same(Tiers, other.Tiers) && ValueLists.Same(Images, other.Images);

    /// <inheritdoc />
    public override int GetHashCode() =>
        HashCode.Combine(base.GetHashCode(), Second, Character, Search, Request, Steps?.Count ?? 0, Tiers?.Count ?? 0, Images?.Count ?? 0);
}

/// <summary>Prices of the token classes, each of a million tokens. The classes are disjoint: cached input is not also counted as input.</summary>
public abstract record TokenPrices
{
    /// <summary>Input tokens outside every cache.</summary>
    public long Input { get; init; }

    /// <summary>Input tokens read from the provider's prompt cache; null = as <see cref="Input"/>.</summary>
    public long? CacheRead { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache for its usual time; null = as <see cref="Input"/>.</summary>
    public long? CacheWrite { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache for an hour; null = as <see cref="CacheWrite"/>.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("cache_write_1h")]
    public long? CacheWrite1h { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public long Output { get; init; }

    /// <summary>The part of the input that is audio; null = as <see cref="Input"/>.</summary>
    public long? AudioInput { get; init; }

    /// <summary>The part of the output that is audio; null = as <see cref="Output"/>.</summary>
    public long? AudioOutput { get; init; }
}

/// <summary>Token prices that hold for the whole request once its prompt is longer than a threshold.</summary>
public sealed record PriceStep : TokenPrices
{
    /// <summary>The step holds when all input tokens together, cached ones included, are more than this.</summary>
    public long Above { get; init; }
}

/// <summary>Token prices of a service tier; what is null falls back inside the tier, as in the standard prices.</summary>
public sealed record PriceTier : TokenPrices
{
    /// <summary>The provider's name of the tier in lower case, e.g. <c>flex</c>, <c>priority</c>, <c>batch</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The tier's own steps; null = none.</summary>
    public IReadOnlyList<PriceStep>? Steps { get; init; }

    /// <inheritdoc />
    public bool Equals(PriceTier? other) => base.Equals(other) && Name == other.Name && ValueLists.Same(Steps, other.Steps);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Name, Steps?.Count ?? 0);
}

/// <summary>The price of an image.</summary>
public sealed record ImagePrice
{
    /// <summary>The size it holds for, e.g. <c>1024x1024</c>; null = every size.</summary>
    public string? Size { get; init; }

    /// <summary>The quality it holds for, e.g. <c>hd</c>; null = every quality.</summary>
    public string? Quality { get; init; }

    /// <summary>One image.</summary>
    public long Price { get; init; }
}

/// <summary>Equality of lists inside records.</summary>
internal static class ValueLists
{
    public static bool Same<T>(IReadOnlyList<T>? one, IReadOnlyList<T>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one is null || other is null || one.SequenceEqual(other));
}
