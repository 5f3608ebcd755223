using System.Globalization;
using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Shared.Domain.Benchmarks;

namespace AspireGateway.Portal.Benchmarks;

/// <summary>Benchmarks in words.</summary>
public static class BenchmarkWords
{
    /// <summary>A metric.</summary>
    public static string Metric(string metric) => metric switch
    {
        BenchmarkMetrics.Exact => "Exact match",
        BenchmarkMetrics.JsonSchema => "JSON schema",
        _ => "Rubric",
    };

    /// <summary>Where a run stands.</summary>
    public static string Status(string status) => status switch
    {
        BenchmarkStatuses.Draft => "Estimated",
        BenchmarkStatuses.Queued => "Waiting",
        BenchmarkStatuses.Running => "Running",
        BenchmarkStatuses.Done => "Done",
        BenchmarkStatuses.Stopped => "Stopped",
        _ => "Cancelled",
    };

    /// <summary>Style of where it stands.</summary>
    public static string StateClass(string status) => status switch
    {
        BenchmarkStatuses.Done or BenchmarkStatuses.Running => "state state-good",
        BenchmarkStatuses.Stopped => "state state-bad",
        BenchmarkStatuses.Draft => "state state-warn",
        _ => "state",
    };

    /// <summary>A score or a bound of one.</summary>
    public static string Score(double? score) => score is { } value ? value.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    /// <summary>A difference of scores, with its sign.</summary>
    public static string Difference(double? difference) => difference is { } value ? value.ToString("+0.000;−0.000;0.000", CultureInfo.InvariantCulture) : "–";

    /// <summary>What a difference tells.</summary>
    public static string Verdict(ModelDifference difference) => difference switch
    {
        { Lower: null } => "too few samples to tell",
        { Lower: > 0 } => $"{difference.Model} is better",
        { Upper: < 0 } => $"{difference.Than} is better",
        _ => "no difference shown",
    };

    /// <summary>Whether anything of a run may still change by itself.</summary>
    public static bool Moves(BenchmarkRunDetails run) => run.Status is BenchmarkStatuses.Queued or BenchmarkStatuses.Running;

    /// <summary>A share for a style sheet, 0 to 100.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
