namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>What can come first in the figures; always the most, or the slowest.</summary>
internal static class FigureOrders
{
    /// <summary>The order where none is asked for.</summary>
    public const string Requests = "requests";

    /// <summary>Every order, as in <c>sort</c>.</summary>
    public static readonly IReadOnlyList<string> All = [Requests, "errors", "retried", "p95", "ttft", "tokens"];

    /// <summary>The rows in that order; those that are the same by it, most requests first.</summary>
    public static IReadOnlyList<FigureRow> Sorted(IEnumerable<FigureRow> rows, string order) =>
        [.. rows.OrderByDescending(r => Value(r, order)).ThenByDescending(r => r.Requests).ThenBy(r => r.Group, StringComparer.Ordinal)];

    // Shares, not counts: a busy model fails often without failing much.
    private static double Value(FigureRow row, string order) => order switch
    {
        "errors" => (double)row.Errors / row.Requests,
        "retried" => (double)row.Retried / row.Requests,
        "p95" => row.Latency?.P95 ?? -1,
        "ttft" => row.Ttft?.P95 ?? -1,
        "tokens" => (double)row.InputTokens + row.OutputTokens,
        _ => row.Requests,
    };
}
