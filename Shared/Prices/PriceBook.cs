using AspireGateway.Shared.Domain;

namespace AspireGateway.Shared.Prices;

/// <summary>Public prices, limits and abilities of models, read from a file in the common public layout.</summary>
public sealed class PriceBook
{
    private const string BuiltInName = "AspireGateway.Shared.Prices.price-book.json";

    private static readonly Lazy<PriceBook> BuiltInBook = new(ReadBuiltIn);

    private readonly Dictionary<(string Protocol, string Model), PriceBookEntry> entries = [];

    internal PriceBook(IEnumerable<PriceBookEntry> models)
    {
        foreach (var entry in models) entries.TryAdd((entry.Protocol, entry.Model), entry);
    }

    /// <summary>The book that comes with this build.</summary>
    public static PriceBook BuiltIn => BuiltInBook.Value;

    /// <summary>How many models it knows.</summary>
    public int Count => entries.Count;

    /// <summary>All models.</summary>
    public IEnumerable<PriceBookEntry> Entries => entries.Values;

    /// <summary>
    /// The entry of a provider's model: of exactly that name, else of the name without its region prefix, date or version. Null = the book does not know it.
    /// </summary>
    /// <param name="protocol">Protocol of the provider; of <see cref="Protocols"/>.</param>
    /// <param name="model">The provider's own name of the model.</param>
    public PriceBookEntry? Find(string protocol, string model)
    {
        foreach (var name in ModelNames.Candidates(protocol, model))
            if (entries.TryGetValue((protocol, name), out var entry)) return entry;
        return null;
    }

    private static PriceBook ReadBuiltIn()
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream(BuiltInName)
            ?? throw new InvalidOperationException("The price book is missing in this build.");
        var reading = PriceBookReader.Read(stream);
        return reading.Book ?? throw new InvalidOperationException($"The price book of this build is broken: {reading.Faults[0]}");
    }
}

/// <summary>What a price book says of a model.</summary>
public sealed record PriceBookEntry
{
    /// <summary>Protocol of the provider that offers it; of <see cref="Protocols"/>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The provider's own name of it.</summary>
    public required string Model { get; init; }

    /// <summary>Its price; null = the book names none that this build knows.</summary>
    public PriceComponents? Price { get; init; }

    /// <summary>Longest prompt, in tokens; null = unknown.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer, in tokens; null = unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What it can do.</summary>
    public ModelAbilities Abilities { get; init; }
}
