using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Overview;

/// <summary>The last 24 hours of the organisation, hour by hour, beside the 24 hours before; from the roll-ups, and what they do not hold yet from the records.</summary>
internal sealed class OverviewQuery(UsageReader usage, TimeProvider clock)
{
    private const int Hours = 24, TopSpenders = 5;

    /// <summary>What the actor may see of it.</summary>
    public async Task<Result<OverviewData>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        await using var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken);
        var now = clock.GetUtcNow();
        var since = StartOfHour(now, look.Zone).AddHours(1 - Hours);
        var question = new UsageQuestion { Scope = scope.Value, From = since, To = now };
        // As long as the time shown, a day earlier: the running hour is compared with the same part of its hour.
        var earlier = question with { From = since.AddDays(-1), To = now.AddDays(-1) };

        var hours = (await look.HoursAsync(question, cancellationToken)).ToDictionary(h => h.Hour, h => h.Sums);
        var before = (await look.HoursAsync(earlier, cancellationToken)).Aggregate(UsageSums.None, (sum, hour) => sum + hour.Sums);
        var latencies = await look.LatenciesAsync(question, cancellationToken);
        var latenciesBefore = await look.LatenciesAsync(earlier, cancellationToken);
        var models = await look.GroupsOfHoursAsync(question with { Group = Facet.Of("model")! }, TopSpenders, cancellationToken);
        var keys = await look.GroupsOfHoursAsync(question with { Group = Facet.Key }, TopSpenders, cancellationToken);
        var names = await KeyNamesAsync(look, keys, cancellationToken);

        var byHour = latencies.ToLookup(l => l.Hour);
        var shown = Enumerable.Range(0, Hours).Select(i => since.AddHours(i)).Select(start => new OverviewHour(
            start, Totals(hours.GetValueOrDefault(start) ?? UsageSums.None), LatencyCount.Of(byHour[start], 0)) { Ttft = LatencyCount.Of(byHour[start], 1) }).ToList();
        var day = hours.Values.Aggregate(UsageSums.None, (sum, hour) => sum + hour);
        return new OverviewData(
            now, since, Totals(day), Totals(before), shown,
            [.. models.Select(m => Spender(m, m.Group.Length == 0 ? "no model" : m.Group, null))],
            [.. keys.Select(k => names.TryGetValue(k.Group, out var key) ? Spender(k, key.Name, key.Team) : Spender(k, "deleted key", null))],
            IsFirstRun: day.Requests == 0 && !await AnyAsync(look, scope.Value, cancellationToken))
        {
            Latency = LatencyCount.Of(latencies, 0), LatencyBefore = LatencyCount.Of(latenciesBefore, 0), Ttft = LatencyCount.Of(latencies, 1), TtftBefore = LatencyCount.Of(latenciesBefore, 1),
        };
    }

    private static async Task<Dictionary<string, (string Name, string Team)>> KeyNamesAsync(
        UsageLook look, List<(string Group, UsageSums Sums)> keys, CancellationToken cancellationToken) =>
        (await look.RowsAsync(
            "select k.id::text, k.name, t.name from virtual_keys k join teams t on t.id = k.team_id where k.id = any(@ids)",
            r => (Id: r.GetString(0), Name: r.GetString(1), Team: r.GetString(2)), [Sql.Ids("ids", [.. keys.Select(k => Guid.Parse(k.Group))])], cancellationToken))
        .ToDictionary(k => k.Id, k => (k.Name, k.Team), StringComparer.Ordinal);

    // Not bounded in time on purpose: with the index it ends at the first row of any partition.
    private static async Task<bool> AnyAsync(UsageLook look, Scope scope, CancellationToken cancellationToken) =>
        (await look.RowsAsync($"select exists (select 1 from usage_records u where {Scope.OfUsage})", r => r.GetBoolean(0), scope.Parameters, cancellationToken))[0];

    private static TopSpender Spender((string Group, UsageSums Sums) row, string name, string? detail) =>
        new(name, detail, row.Group, row.Sums.Requests, row.Sums.Tokens, row.Sums.CostNanoUsd);

    private static OverviewTotals Totals(UsageSums sums) => new(sums.CostNanoUsd, sums.Requests, sums.Errors, sums.Refused, sums.Tokens, sums.Estimated);

    // Zones may lie half an hour off: the hours people read begin there.
    internal static DateTimeOffset StartOfHour(DateTimeOffset now, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(now);
        var local = now.ToOffset(offset);
        return new DateTimeOffset(local.Year, local.Month, local.Day, local.Hour, 0, 0, offset).ToUniversalTime();
    }
}
