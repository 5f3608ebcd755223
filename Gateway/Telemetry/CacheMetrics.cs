using System.Collections.Concurrent;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>How often the cache answered, by model, and what went wrong with it. Labels are names of the configuration and words of a closed list.</summary>
internal sealed class CacheMetrics
{
    private const int MaxModels = 2_000;
    private const string OtherModels = "other";

    private readonly ConcurrentDictionary<string, CacheCounts> models = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Counter> faults = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Counter> vetoes = new(StringComparer.Ordinal);

    /// <summary>Counts by model.</summary>
    public IReadOnlyCollection<KeyValuePair<string, CacheCounts>> Models => models;

    /// <summary>What went wrong: <c>unreachable</c>, <c>timeout</c>, <c>error</c>, <c>full</c>, <c>no_room</c>, <c>corrupt</c>, <c>queue_full</c>, <c>embedder</c>.</summary>
    public IReadOnlyCollection<KeyValuePair<string, Counter>> Faults => faults;

    /// <summary>Similar questions that were not the same one after all, by what spoke against it; a closed list.</summary>
    public IReadOnlyCollection<KeyValuePair<string, Counter>> Vetoes => vetoes;

    /// <summary>Requests that waited for the same one that another one had asked, and got its reply.</summary>
    public Counter Shared { get; } = new();

    /// <summary>What was done for providers' caches.</summary>
    public PrefixCounts Prefixes { get; } = new();

    /// <summary>Counts of a model.</summary>
    public CacheCounts Of(string model) => models.TryGetValue(model, out var counts) ? counts : models.GetOrAdd(models.Count < MaxModels ? model : OtherModels, static _ => new CacheCounts());

    /// <summary>Counts a fault.</summary>
    public void Fault(string reason) => faults.GetOrAdd(reason, static _ => new Counter()).Add(1);

    /// <summary>Counts a similar question that is another one.</summary>
    public void Veto(string reason) => vetoes.GetOrAdd(reason, static _ => new Counter()).Add(1);
}

/// <summary>What the cache did for a model's requests.</summary>
internal sealed class CacheCounts
{
    /// <summary>It answered with a reply to the same request.</summary>
    public Counter Hits { get; } = new();

    /// <summary>It answered with a reply to a similar question.</summary>
    public Counter SemanticHits { get; } = new();

    /// <summary>It had nothing.</summary>
    public Counter Misses { get; } = new();

    /// <summary>It was not asked, though a policy lets it.</summary>
    public Counter Bypasses { get; } = new();

    /// <summary>It answered with a reply that was too old, because nobody was left to ask.</summary>
    public Counter Stale { get; } = new();

    /// <summary>How close the closest other question lay, of those that ask the same and of those that do not.</summary>
    public ClosestCounts Closest { get; } = new();

    /// <summary>What its answers saved, in nano-USD.</summary>
    public Counter SavedNanoUsd { get; } = new();

    /// <summary>What providers' prompt caches saved requests that they saved something, in nano-USD.</summary>
    public Counter PrefixSavedNanoUsd { get; } = new();

    /// <summary>What writing to them cost requests that it cost more than was saved, in nano-USD.</summary>
    public Counter PrefixPremiumNanoUsd { get; } = new();

    /// <summary>Share of hits among the requests that it was asked for; 0 = none was.</summary>
    public double HitRatio => Answers + Misses.Value is > 0 and var asked ? Answers / (double)asked : 0;

    /// <summary>Requests that it answered.</summary>
    public long Answers => Hits.Value + SemanticHits.Value;
}
