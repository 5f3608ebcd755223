namespace AspireGateway.Shared.Domain;

/// <summary>What prices must be so that every request has exactly one cost. The portal refuses others; a gateway leaves them out.</summary>
public static class PriceRules
{
    /// <summary>Largest price, in nano-USD: a dollar a token. Far above every real price, far below what could overflow a sum.</summary>
    public const long MaxPrice = 1_000_000L * 1_000_000_000L;

    private const int MaxSteps = 8;
    private const int MaxTiers = 8;
    private const int MaxImages = 100;
    private const int MaxName = 40;

    /// <summary>Names of the tier that the standard prices are for.</summary>
    private static readonly string[] StandardTiers = ["default", "standard", "auto"];

    /// <summary>Everything that is wrong, each with the field's path; empty = nothing.</summary>
    public static IReadOnlyList<PriceFault> Faults(PriceComponents price)
    {
        ArgumentNullException.ThrowIfNull(price);
        var faults = new List<PriceFault>();
        Tokens(faults, "", price);
        Amount(faults, "second", price.Second);
        Amount(faults, "character", price.Character);
        Amount(faults, "search", price.Search);
        Amount(faults, "request", price.Request);
        Steps(faults, "", price.Steps);
        if (price.Tiers is { } tiers) Tiers(faults, tiers);
        if (price.Images is { } images) Images(faults, images);
        return faults;
    }

    private static void Tokens(List<PriceFault> faults, string path, TokenPrices price)
    {
        Amount(faults, path + "input", price.Input);
        Amount(faults, path + "cache_read", price.CacheRead);
        Amount(faults, path + "cache_write", price.CacheWrite);
        Amount(faults, path + "cache_write_1h", price.CacheWrite1h);
        Amount(faults, path + "output", price.Output);
        Amount(faults, path + "audio_input", price.AudioInput);
        Amount(faults, path + "audio_output", price.AudioOutput);
    }

    private static void Steps(List<PriceFault> faults, string path, IReadOnlyList<PriceStep>? steps)
    {
        if (steps is null) return;
        if (steps.Count > MaxSteps) faults.Add(new(path + "steps", $"has at most {MaxSteps} entries"));
        long last = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            var at = $"{path}steps[{i}]";
            if (steps[i] is not { } step)
            {
                faults.Add(new(at, "must be an object"));
                continue;
            }
            if (step.Above <= last) faults.Add(new(at + ".above", "must be at least 1 and greater than the one before"));
            last = Math.Max(last, step.Above);
            Tokens(faults, at + ".", step);
        }
    }

    private static void Tiers(List<PriceFault> faults, IReadOnlyList<PriceTier> tiers)
    {
        if (tiers.Count > MaxTiers) faults.Add(new("tiers", $"has at most {MaxTiers} entries"));
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < tiers.Count; i++)
        {
            var at = $"tiers[{i}]";
            if (tiers[i] is not { } tier)
            {
                faults.Add(new(at, "must be an object"));
                continue;
            }
            if (tier.Name is not { Length: > 0 and <= MaxName } name || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '-')))
                faults.Add(new(at + ".name", $"is 1 to {MaxName} lower-case letters, digits, _ or -"));
            else if (StandardTiers.Contains(name)) faults.Add(new(at + ".name", "is the tier that the prices outside tiers are for"));
            else if (!seen.Add(name)) faults.Add(new(at + ".name", "is there twice"));
            Tokens(faults, at + ".", tier);
            Steps(faults, at + ".", tier.Steps);
        }
    }

    private static void Images(List<PriceFault> faults, IReadOnlyList<ImagePrice> images)
    {
        if (images.Count > MaxImages) faults.Add(new("images", $"has at most {MaxImages} entries"));
        var seen = new HashSet<(string?, string?)>();
        for (var i = 0; i < images.Count; i++)
        {
            var at = $"images[{i}]";
            if (images[i] is not { } image)
            {
                faults.Add(new(at, "must be an object"));
                continue;
            }
            if (image.Size is { Length: 0 or > MaxName }) faults.Add(new(at + ".size", $"is 1 to {MaxName} characters long"));
            if (image.Quality is { Length: 0 or > MaxName }) faults.Add(new(at + ".quality", $"is 1 to {MaxName} characters long"));
            if (!seen.Add((image.Size, image.Quality))) faults.Add(new(at, "has the size and quality of another"));
            Amount(faults, at + ".price", image.Price);
        }
    }

    private static void Amount(List<PriceFault> faults, string path, long? value)
    {
        if (value is < 0 or > MaxPrice) faults.Add(new(path, $"is from 0 to {MaxPrice}"));
    }
}

/// <summary>Something wrong with a price.</summary>
/// <param name="Field">Path of the field inside the components, e.g. <c>steps[0].input</c>.</param>
/// <param name="Message">What it must be; a sentence without its subject.</param>
public readonly record struct PriceFault(string Field, string Message);
