using System.Globalization;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.RollUps;

/// <summary>A figure that is summed over requests.</summary>
/// <param name="Column">Its column in the roll-ups.</param>
/// <param name="OfRecord">Its value for a record with the alias <c>u</c>.</param>
internal sealed record Measure(string Column, string OfRecord)
{
    // A vote says whether a request did its task; without one it did if it ended well.
    private static readonly string Succeeded = string.Create(
        CultureInfo.InvariantCulture, $"case when u.status = 'refused' then 0 when coalesce(u.feedback >= {QualityBars.DefaultBar}, u.status = 'ok') then 1 else 0 end");

    /// <summary>Every figure, in the order of the columns.</summary>
    public static readonly IReadOnlyList<Measure> All =
    [
        new("requests", "1"),
        new("errors", "case when u.status in ('failed', 'truncated', 'orphaned', 'degraded') then 1 else 0 end"),
        new("refused", "case when u.status = 'refused' then 1 else 0 end"),
        new("estimated", "u.estimated::int"),
        new("succeeded", Succeeded),
        new("cache_hits", "(u.cache_hit is not null)::int"),
        new("retried", "(cardinality(u.fallback_chain) > 1)::int"),
        new("extra_attempts", "greatest(cardinality(u.fallback_chain) - 1, 0)"),
        new("input_tokens", "u.input_tokens"),
        new("cache_read_tokens", "u.cache_read_tokens"),
        new("cache_write_tokens", "u.cache_write_tokens"),
        new("output_tokens", "u.output_tokens"),
        new("reasoning_tokens", "u.reasoning_tokens"),
        new("cost_nano_usd", "u.cost_nano_usd"),
        // Paid for, and no whole answer came of it.
        new("wasted_nano_usd", "case when u.status in ('failed', 'truncated', 'aborted', 'orphaned', 'degraded') then u.cost_nano_usd else 0 end"),
        // What answers from the gateway's own cache would have cost, and how much sooner they came.
        new("saved_nano_usd", "coalesce(u.saved_nano_usd, 0)"),
        new("saved_us", "coalesce(u.saved_us, 0)"),
        // What providers' prompt caches saved, net of what writing to them cost more; negative where that was more.
        new("prefix_saved_nano_usd", "coalesce(u.prefix_saved_nano_usd, 0)"),
    ];

    /// <summary>The columns, with commas.</summary>
    public static readonly string Columns = string.Join(", ", All.Select(m => m.Column));

    /// <summary>Each column summed, exact.</summary>
    public static string Sums(string alias) => string.Join(", ", All.Select(m => $"sum({alias}.{m.Column})::bigint as {m.Column}"));

    /// <summary>The values of a record, times <c>u.sign</c>.</summary>
    public static readonly string OfVersion = string.Join(", ", All.Select(m => $"u.sign * ({m.OfRecord}) as {m.Column}"));

    /// <summary>What an upsert adds to the row that is there.</summary>
    public static string Adding(string table) => string.Join(", ", All.Select(m => $"{m.Column} = {table}.{m.Column} + excluded.{m.Column}"));
}
