using System.Text.Json;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Shared.Prices;

/// <summary>Gathers the models of a file, and puts those together that stand in it once per image size and quality.</summary>
internal sealed class ModelCollector(int maxFaults)
{
    private readonly List<PriceBookFault> faults = [];
    private readonly Dictionary<(string Protocol, string Model), PriceBookEntry> entries = [];
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);

    /// <summary>Whether reading on is of no use.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Refuses the file for something that makes the rest unreadable.</summary>
    public PriceBookReading Refuse(string model, string field, string message)
    {
        faults.Add(new(model, field, message));
        IsRefused = true;
        return Finish();
    }

    /// <summary>Reads a model; the reader stands on its object's start, and on its end afterwards.</summary>
    public void Add(string key, ref Utf8JsonReader reader)
    {
        if (!keys.Add(key)) Fault(key, "", "is there twice");
        var fields = new ModelFields(this, key);
        fields.Read(ref reader);
        if (IsRefused) return;
        if (fields.Provider is not { Length: > 0 } provider)
        {
            Fault(key, "litellm_provider", "names the provider and is missing");
            return;
        }
        var protocol = ModelNames.ProtocolOf(provider);
        var (image, name) = ImageKey.Read(ModelNames.ModelOf(key, provider));
        name = ModelNames.ModelOf(name, provider);
        var price = PriceAssembly.Of(fields, image);
        if (price is not null)
            foreach (var fault in PriceRules.Faults(price)) Fault(key, fault.Field, fault.Message);
        var entry = new PriceBookEntry
        {
            Protocol = protocol, Model = name, Price = price, ContextTokens = fields.ContextTokens, MaxOutputTokens = fields.MaxOutputTokens, Abilities = fields.Abilities,
        };
        entries[(protocol, name)] = entries.TryGetValue((protocol, name), out var there) ? Join(there, entry, image is not null) : entry;
    }

    /// <summary>Notes a fault and reads on, so that the file's author hears of all of them.</summary>
    public void Fault(string model, string field, string message)
    {
        faults.Add(new(model, field, message));
        if (faults.Count >= maxFaults) IsRefused = true;
    }

    /// <summary>The book, or the faults.</summary>
    public PriceBookReading Finish()
    {
        if (faults.Count == 0 && entries.Count == 0) faults.Add(new("", "", "the file holds no model"));
        return faults.Count > 0 ? new(null, faults) : new(new PriceBook(entries.Values.Select(WithDefaultImage)), []);
    }

    // A caller may leave size and quality to the provider, whose defaults are these; else the cheapest, which is its smallest.
    private static PriceBookEntry WithDefaultImage(PriceBookEntry entry)
    {
        if (entry.Price?.Images is not { Count: > 0 } images || images.Any(i => i.Size is null && i.Quality is null)) return entry;
        var usual = images.FirstOrDefault(i => i is { Size: "1024x1024", Quality: null or "standard" or "medium" })?.Price ?? images.Min(i => i.Price);
        return entry with { Price = entry.Price with { Images = [.. images, new ImagePrice { Price = usual }] } };
    }

    // Two keys of one model: sizes of an image model, or the same model with and without the provider in front; then the first counts.
    private static PriceBookEntry Join(PriceBookEntry there, PriceBookEntry entry, bool isImage)
    {
        if (!isImage && there.Price?.Images is null) return there;
        if (there.Price is null || entry.Price?.Images is not { } images) return there with { Price = there.Price ?? entry.Price };
        var known = there.Price.Images ?? [];
        var more = images.Where(i => !known.Any(k => k.Size == i.Size && k.Quality == i.Quality));
        return there with { Price = there.Price with { Images = [.. known, .. more] } };
    }
}

/// <summary>Size and quality in a key such as <c>hd/1024-x-1792/dall-e-3</c>.</summary>
/// <param name="Size">The size, e.g. <c>1024x1792</c>.</param>
/// <param name="Quality">The quality; null = not named.</param>
/// <param name="Pixels">Its area.</param>
internal sealed record ImageKey(string Size, string? Quality, long Pixels)
{
    private const int MaxSide = 100_000;

    public static (ImageKey? Image, string Model) Read(string key)
    {
        var parts = key.Split('/');
        for (var i = 0; i < Math.Min(2, parts.Length - 1); i++)
        {
            var sides = parts[i].Split("-x-");
            if (sides.Length != 2 || !int.TryParse(sides[0], out var width) || !int.TryParse(sides[1], out var height)) continue;
            if (width is < 1 or > MaxSide || height is < 1 or > MaxSide) continue;
            return (new($"{width}x{height}", i == 1 ? parts[0] : null, (long)width * height), string.Join('/', parts[(i + 1)..]));
        }
        return (null, key);
    }
}
