using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Portal.Caching;

/// <summary>What the dialog of a policy holds while it is open.</summary>
internal sealed class CachePolicyForm
{
    /// <summary>Whether replies are kept.</summary>
    public static readonly IReadOnlyList<CacheChoice<string>> Modes = [new("Keep replies to the very same request", CacheModes.Exact), new("Also give them to questions that ask the same", CacheModes.Semantic), new("Off", CacheModes.Off)];

    /// <summary>Who shares them.</summary>
    public static readonly IReadOnlyList<CacheChoice<string>> Scopes =
        [new("Keys of the same team", CacheScopes.Team), new("All keys of the organisation", CacheScopes.Organisation), new("The same key only", CacheScopes.Key), new("The same user at the same key", CacheScopes.User)];

    /// <summary>At which temperatures.</summary>
    public static readonly IReadOnlyList<CacheChoice<string>> Temperatures = [new("Whatever they ask for", CacheTemperatures.Any), new("Only temperature 0", CacheTemperatures.Zero)];

    /// <summary>Whether providers keep the beginnings of prompts.</summary>
    public static readonly IReadOnlyList<CacheChoice<string>> Prefixes =
        [new("Not asked for", ""), new("Beginnings that were seen before", PrefixModes.Auto), new("Every beginning that is long enough", PrefixModes.Always), new("Never", PrefixModes.Off)];

    /// <summary>How long.</summary>
    public static readonly IReadOnlyList<CacheChoice<string>> PrefixTtls = [new("5 minutes after each use", ""), new("1 hour, where the model can", PrefixTimes.Hour)];

    private static readonly int[] s_prefixTokens = [CacheSettings.DefaultPrefixMinTokens, 2_048, 4_096, 16_384];
    private static readonly double[] s_similarities = [0, 0.85, 0.9, 0.95, 0.97, 0.99];
    private static readonly int[] s_times = [300, 3_600, 28_800, 86_400, 604_800, CacheSettings.MaxTtlSeconds];
    private static readonly int[] s_stale = [0, 3_600, 86_400, CacheSettings.MaxServeStaleSeconds];
    private static readonly int[] s_sizes = [65_536, CacheSettings.DefaultMaxEntryBytes, 1_048_576, CacheSettings.LargestMaxEntryBytes];

    // The embedder of the policy that is edited stays a choice, whatever it is called.
    private string given = "";

    /// <summary>One of <see cref="CacheModes"/>.</summary>
    public string Mode { get; set; } = CacheModes.Exact;

    /// <summary>One of <see cref="CacheScopes"/>.</summary>
    public string Scope { get; set; } = CacheScopes.Team;

    /// <summary>How long a reply is fresh, in seconds.</summary>
    public int Ttl { get; set; } = CacheSettings.DefaultTtlSeconds;

    /// <summary>Largest reply, in bytes.</summary>
    public int Size { get; set; } = CacheSettings.DefaultMaxEntryBytes;

    /// <summary>How long past that it may stand in, in seconds.</summary>
    public int Stale { get; set; }

    /// <summary>One of <see cref="CacheTemperatures"/>.</summary>
    public string Temperature { get; set; } = CacheTemperatures.Any;

    /// <summary>Whether requests that offer tools are kept.</summary>
    public bool Tools { get; set; }

    /// <summary>The embeddings model whose vectors are compared; empty = the words themselves are.</summary>
    public string Embedder { get; set; } = "";

    /// <summary>How close questions must lie; 0 = as usual for whoever measures.</summary>
    public double Similarity { get; set; }

    /// <summary>Who may compare questions: the gateway itself, these models, and one that was set otherwise.</summary>
    public IReadOnlyList<CacheChoice<string>> EmbeddersOf(IReadOnlyList<string> models) =>
        [new("The gateway: the words themselves", ""), .. models.Append(given).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => new CacheChoice<string>(name, name))];

    /// <summary>One of <see cref="PrefixModes"/>; empty = nothing is said.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>One of <see cref="PrefixTimes"/>; empty = as usual.</summary>
    public string PrefixTtl { get; set; } = "";

    /// <summary>Smallest beginning that is marked, in tokens.</summary>
    public int PrefixTokens { get; set; } = CacheSettings.DefaultPrefixMinTokens;

    /// <summary>Whether something is marked.</summary>
    public bool HasMarks => Prefix is PrefixModes.Auto or PrefixModes.Always;

    /// <summary>Smallest beginnings to choose from; one that was set otherwise stands among them.</summary>
    public IReadOnlyList<CacheChoice<int>> PrefixSizes => Choices(s_prefixTokens, PrefixTokens, tokens => $"{Quantity.Exact(tokens)} tokens");

    /// <summary>Similarities to choose from; one that was set otherwise stands among them.</summary>
    public IReadOnlyList<CacheChoice<double>> Similarities =>
        [.. s_similarities.Append(Similarity).Distinct().Order().Select(value => new CacheChoice<double>(value == 0 ? $"As usual ({Usual})" : Share(value), value))];

    private string Usual => Share(Embedder.Length == 0 ? CacheSettings.LexicalSimilarity : CacheSettings.ModelSimilarity);

    /// <summary>Times to choose from; one that was set otherwise stands among them.</summary>
    public IReadOnlyList<CacheChoice<int>> Times => Choices(s_times, Ttl, CacheWords.Time);

    /// <summary>Times past it, likewise.</summary>
    public IReadOnlyList<CacheChoice<int>> StaleTimes => Choices(s_stale, Stale, s => s == 0 ? "Never" : CacheWords.Time(s));

    /// <summary>Sizes, likewise.</summary>
    public IReadOnlyList<CacheChoice<int>> Sizes => Choices(s_sizes, Size, s => Quantity.Bytes(s));

    /// <summary>Of a policy; null = a new one.</summary>
    public static CachePolicyForm Of(CacheSettings? s) => s is null ? new() : new()
    {
        Mode = s.Mode, Scope = s.Scope ?? CacheScopes.Team, Ttl = s.TtlSeconds ?? CacheSettings.DefaultTtlSeconds, Size = s.MaxEntryBytes ?? CacheSettings.DefaultMaxEntryBytes,
        Stale = s.ServeStaleSeconds ?? 0, Temperature = s.Temperature ?? CacheTemperatures.Any, Tools = s.Tools, Embedder = s.Embedder ?? "", given = s.Embedder ?? "",
        Similarity = s.Similarity ?? 0, Prefix = s.Prefix ?? "", PrefixTtl = s.PrefixTtl == PrefixTimes.Hour ? PrefixTimes.Hour : "",
        PrefixTokens = s.PrefixMinTokens ?? CacheSettings.DefaultPrefixMinTokens,
    };

    /// <summary>What is sent; what is as usual is left out.</summary>
    public CacheSettingsRequest ToRequest() => new()
    {
        Mode = Mode, Scope = Scope == CacheScopes.Team ? null : Scope, TtlSeconds = Ttl == CacheSettings.DefaultTtlSeconds ? null : Ttl, MaxEntryBytes = Size == CacheSettings.DefaultMaxEntryBytes ? null : Size,
        ServeStaleSeconds = Stale == 0 ? null : Stale, Temperature = Temperature == CacheTemperatures.Any ? null : Temperature, Tools = Tools ? true : null,
        Embedder = IsSemantic && Embedder.Length > 0 ? Embedder : null, Similarity = IsSemantic && Similarity > 0 ? Similarity : null,
        Prefix = Prefix.Length > 0 ? Prefix : null, PrefixTtl = HasMarks && PrefixTtl.Length > 0 ? PrefixTtl : null,
        PrefixMinTokens = HasMarks && PrefixTokens != CacheSettings.DefaultPrefixMinTokens ? PrefixTokens : null,
    };

    /// <summary>As settings, for the sentence that says what they do.</summary>
    public CacheSettings ToSettings() => new() { Mode = Mode, Scope = Scope, TtlSeconds = Ttl, MaxEntryBytes = Size, ServeStaleSeconds = Stale, Temperature = Temperature, Tools = Tools, Embedder = Embedder.Length == 0 ? null : Embedder, Similarity = Similarity == 0 ? null : Similarity, Prefix = Prefix.Length == 0 ? null : Prefix, PrefixTtl = PrefixTtl.Length == 0 ? null : PrefixTtl, PrefixMinTokens = PrefixTokens };

    private bool IsSemantic => Mode == CacheModes.Semantic;

    private static string Share(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static List<CacheChoice<int>> Choices(int[] usual, int chosen, Func<int, string> name) =>
        [.. usual.Append(chosen).Distinct().Order().Select(value => new CacheChoice<int>(name(value), value))];
}

/// <summary>Something to choose.</summary>
/// <typeparam name="T">What is chosen.</typeparam>
/// <param name="Text">Its name.</param>
/// <param name="Value">Its value.</param>
internal sealed record CacheChoice<T>(string Text, T Value);
