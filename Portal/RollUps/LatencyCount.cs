using AspireGateway.Portal.Overview;

namespace AspireGateway.Portal.RollUps;

/// <summary>How many whole answers of an hour took as long as one step of <see cref="LatencyScale"/>.</summary>
/// <param name="Hour">The hour's start.</param>
/// <param name="Measure">0 = latency, 1 = time to the first token.</param>
/// <param name="Bin">The step.</param>
/// <param name="Count">How many.</param>
internal sealed record LatencyCount(DateTimeOffset Hour, int Measure, int Bin, long Count)
{
    /// <summary>Percentiles of one measure over all counts given.</summary>
    public static Percentiles? Of(IEnumerable<LatencyCount> counts, int measure) => LatencyScale.Of(
        counts.Where(c => c.Measure == measure).GroupBy(c => c.Bin).Select(g => KeyValuePair.Create(g.Key, g.Sum(c => c.Count))));
}
