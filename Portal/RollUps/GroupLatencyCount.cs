using AspireGateway.Portal.Overview;

namespace AspireGateway.Portal.RollUps;

/// <summary>How many whole answers of a group took as long as one step of <see cref="LatencyScale"/>.</summary>
/// <param name="Group">The group; '' = requests without the property.</param>
/// <param name="Measure">0 = latency, 1 = time to the first token.</param>
/// <param name="Bin">The step.</param>
/// <param name="Count">How many.</param>
internal sealed record GroupLatencyCount(string Group, int Measure, int Bin, long Count)
{
    /// <summary>Percentiles of each group by one measure.</summary>
    public static Dictionary<string, Percentiles> Of(IEnumerable<GroupLatencyCount> counts, int measure) => counts
        .Where(c => c.Measure == measure).GroupBy(c => c.Group, StringComparer.Ordinal)
        .Select(g => (g.Key, Of: LatencyScale.Of(g.Select(c => KeyValuePair.Create(c.Bin, c.Count)))))
        .Where(g => g.Of is not null).ToDictionary(g => g.Key, g => g.Of!, StringComparer.Ordinal);
}
