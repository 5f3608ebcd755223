using System.Globalization;
using AspireGateway.Portal.Overview;

namespace AspireGateway.Portal.RollUps;

/// <summary>
/// The scale that latencies are counted on: step i holds those over γ^(i-1) up to γ^i microseconds. Counts of a step add up over hours, days and values, so percentiles of
/// any of them together are as exact as of one: the step's middle 2γ^i/(γ+1) is off by at most (γ-1)/(γ+1) = 1.5 % (DDSketch, Masson, Rim and Lee, VLDB 2019).
/// </summary>
internal static class LatencyScale
{
    /// <summary>Growth from a step to the next.</summary>
    public const double Gamma = 1.03;

    /// <summary>The step of a column in microseconds, as SQL.</summary>
    public static string Bin(string microseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"ceil(ln(greatest({microseconds}, 1)::double precision) / {Math.Log(Gamma):R})::smallint");

    /// <summary>The middle of a step, in microseconds.</summary>
    public static long Middle(int bin) => (long)Math.Round(2 * Math.Pow(Gamma, bin) / (Gamma + 1), MidpointRounding.AwayFromZero);

    /// <summary>Percentiles of the counts per step; null = nothing was counted.</summary>
    public static Percentiles? Of(IEnumerable<KeyValuePair<int, long>> counts)
    {
        var steps = counts.Where(c => c.Value > 0).OrderBy(c => c.Key).ToArray();
        var count = steps.Sum(s => s.Value);
        return count == 0 ? null : new(At(steps, count, 0.5), At(steps, count, 0.95), At(steps, count, 0.99));
    }

    // As percentile_disc of Postgres: the first whose share of the order reaches the fraction.
    private static long At(KeyValuePair<int, long>[] steps, long count, double fraction)
    {
        var rank = (long)Math.Ceiling(fraction * count);
        foreach (var (bin, number) in steps)
            if ((rank -= number) <= 0) return Middle(bin);
        return Middle(steps[^1].Key);
    }
}
