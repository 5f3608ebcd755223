using AspireGateway.Shared.Domain;

namespace AspireGateway.Shared.Prices;

/// <summary>Puts the amounts of a model together as one price.</summary>
internal static class PriceAssembly
{
    private const long Million = 1_000_000;

    /// <summary>The price; null = the file names no amount for it.</summary>
    /// <param name="fields">The model's fields.</param>
    /// <param name="image">Size and quality that the model's key names.</param>
    public static PriceComponents? Of(ModelFields fields, ImageKey? image)
    {
        if (!fields.Fields.Any()) return null;
        var hasTokens = fields.Fields.Any(f => f.What <= Paid.ImageToken && fields[f] > 0);
        var standard = Tokens(fields, null, 0, null);
        return new PriceComponents
        {
            Input = standard.Input, CacheRead = standard.CacheRead, CacheWrite = standard.CacheWrite, CacheWrite1h = standard.CacheWrite1h,
            Output = standard.Output, AudioInput = standard.AudioInput, AudioOutput = standard.AudioOutput,
            Steps = Steps(fields, null, standard),
            Tiers = Tiers(fields, standard),
            Images = Images(fields, image, hasTokens),
            // Models that are paid by the token name these as well, for what the tokens stand for.
            Second = hasTokens ? null : FirstPositive(fields[new(Paid.InputSecond)], fields[new(Paid.OutputSecond)]),
            Character = hasTokens ? null : fields[new(Paid.Character)],
            Search = fields[PriceField.Search],
            Request = fields[new(Paid.Request)] ?? 0,
        };
    }

    private static List<PriceTier>? Tiers(ModelFields fields, PriceStep standard)
    {
        var tiers = new List<PriceTier>();
        foreach (var name in fields.Fields.Where(f => f.Tier is not null).Select(f => f.Tier!).Distinct().Order(StringComparer.Ordinal))
        {
            var t = Tokens(fields, name, 0, standard);
            tiers.Add(new PriceTier
            {
                Name = name, Input = t.Input, CacheRead = t.CacheRead, CacheWrite = t.CacheWrite, CacheWrite1h = t.CacheWrite1h, Output = t.Output,
                AudioInput = t.AudioInput, AudioOutput = t.AudioOutput, Steps = Steps(fields, name, t),
            });
        }
        return tiers.Count == 0 ? null : tiers;
    }

    private static List<PriceStep>? Steps(ModelFields fields, string? tier, PriceStep below)
    {
        var steps = new List<PriceStep>();
        foreach (var above in fields.Fields.Where(f => f.Above > 0 && f.Tier == tier).Select(f => f.Above).Distinct().Order())
            steps.Add(below = Tokens(fields, tier, above, below));
        return steps.Count == 0 ? null : steps;
    }

    // Input and output that a set does not name stay as they were; other classes follow their set's input and output, never a cheaper set.
    private static PriceStep Tokens(ModelFields fields, string? tier, long above, PriceStep? otherwise)
    {
        long? Of(Paid what) => fields[new(what, tier, above)];
        return new PriceStep
        {
            Above = above,
            Input = Of(Paid.Input) ?? otherwise?.Input ?? 0,
            CacheRead = Of(Paid.CacheRead),
            CacheWrite = Of(Paid.CacheWrite),
            CacheWrite1h = Of(Paid.CacheWrite1h),
            Output = FirstPositive(Of(Paid.Output), Of(Paid.ImageToken)) ?? otherwise?.Output ?? 0,
            AudioInput = Of(Paid.AudioInput),
            AudioOutput = Of(Paid.AudioOutput),
        };
    }

    private static IReadOnlyList<ImagePrice>? Images(ModelFields fields, ImageKey? image, bool hasTokens)
    {
        // Where tokens are paid for, the amount per image says what they come to; counting both would charge an image twice.
        if (hasTokens) return null;
        var price = FirstPositive(fields[new(Paid.OutputImage)], fields[new(Paid.InputImage)]);
        if (price is null && image is not null && FirstPositive(fields[new(Paid.OutputPixel)], fields[new(Paid.InputPixel)]) is { } pixel)
            price = (long)Int128.Min(((Int128)pixel * image.Pixels + Million / 2) / Million, PriceRules.MaxPrice);
        return price is { } amount ? [new ImagePrice { Size = image?.Size, Quality = image?.Quality, Price = amount }] : null;
    }

    private static long? FirstPositive(long? one, long? other) => one > 0 ? one : other ?? one;
}
