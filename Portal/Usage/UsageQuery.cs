using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Usage;

/// <summary>What usage to sum.</summary>
public sealed record UsageFilter
{
    /// <summary>Start, inclusive; missing = a day before the end.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End, exclusive; missing = now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What to group by; of <see cref="UsageGroups"/>; missing = day.</summary>
    public string? GroupBy { get; init; }

    /// <summary>Only this team.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Only this key.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>Only this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only this provider, by its slug.</summary>
    public string? Provider { get; init; }

    /// <summary>Only this feature.</summary>
    public string? Feature { get; init; }
}

/// <summary>Sums usage over at most 31 days, by what the caller asks for.</summary>
public sealed class UsageQuery(NpgsqlDataSource database, IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock)
{
    /// <summary>Most groups of a report.</summary>
    public const int MaxGroups = 1000;

    internal const string Sums = """
        count(*), count(*) filter (where u.status in ('failed', 'truncated', 'orphaned', 'degraded')), count(*) filter (where u.status = 'refused'),
        count(*) filter (where u.estimated), coalesce(sum(u.input_tokens), 0)::bigint, coalesce(sum(u.cache_read_tokens), 0)::bigint,
        coalesce(sum(u.cache_write_tokens), 0)::bigint, coalesce(sum(u.output_tokens), 0)::bigint, coalesce(sum(u.cost_nano_usd), 0)::bigint
        """;

    /// <summary>The report of what the actor may see.</summary>
    public async Task<Result<UsageReport>> RunAsync(Actor actor, UsageFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        var range = TimeRange.Of(filter.From, filter.To, clock.GetUtcNow());
        if (range.Failure is { } bad) return bad;
        var groupBy = string.IsNullOrEmpty(filter.GroupBy) ? "day" : filter.GroupBy;
        if (UsageGroups.Columns(groupBy) is not var (group, name))
            return new Failure.Invalid([new("group_by", $"group_by is one of {string.Join(", ", UsageGroups.All)}.")]);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var zone = await context.Organisations.Where(o => o.Id == actor.OrganisationId).Select(o => o.TimeZone).FirstOrDefaultAsync(cancellationToken);

        var order = groupBy == "day" ? "1" : "sum(u.cost_nano_usd) desc nulls last, count(*) desc, 1";
        var where = $"""
            from usage_records u where {Scope.OfUsage} and u.at >= @from and u.at < @to
                and (@team::uuid is null or u.team_id = @team) and (@key::uuid is null or u.key_id = @key)
                and (@model::text is null or u.model = @model) and (@provider::text is null or u.provider = @provider)
                and (@feature::text is null or u.feature = @feature)
            """;
        NpgsqlParameter[] Parameters() =>
        [
            .. scope.Value.Parameters, Sql.Time("from", range.Value.From), Sql.Time("to", range.Value.To), Sql.Id("team", filter.TeamId),
            Sql.Id("key", filter.KeyId), Sql.Text("model", filter.Model), Sql.Text("provider", filter.Provider), Sql.Text("feature", filter.Feature),
            Sql.Text("zone", zone ?? "UTC"), Sql.Number("limit", MaxGroups),
        ];
        var rows = await database.ReadAsync(
            $"select {group}, {name}, {Sums} {where} group by {group} order by {order} limit @limit",
            r => new UsageRow { Group = r.Text(0), Name = r.Text(1), Sums = Read(r, 2) }, cancellationToken, Parameters());
        // One pass more only when groups were left out.
        var total = rows.Count < MaxGroups
            ? Add(rows)
            : (await database.ReadAsync($"select {Sums} {where}", r => Read(r, 0), cancellationToken, Parameters()))[0];
        return new UsageReport { From = range.Value.From, To = range.Value.To, GroupBy = groupBy, Rows = rows, Total = total };
    }

    private static UsageSums Read(NpgsqlDataReader r, int first) => new()
    {
        Requests = r.GetInt64(first), Errors = r.GetInt64(first + 1), Refused = r.GetInt64(first + 2), Estimated = r.GetInt64(first + 3),
        InputTokens = r.GetInt64(first + 4), CacheReadTokens = r.GetInt64(first + 5), CacheWriteTokens = r.GetInt64(first + 6),
        OutputTokens = r.GetInt64(first + 7), CostNanoUsd = r.GetInt64(first + 8),
    };

    private static UsageSums Add(List<UsageRow> rows) => new()
    {
        Requests = rows.Sum(r => r.Sums.Requests), Errors = rows.Sum(r => r.Sums.Errors), Refused = rows.Sum(r => r.Sums.Refused),
        Estimated = rows.Sum(r => r.Sums.Estimated), InputTokens = rows.Sum(r => r.Sums.InputTokens),
        CacheReadTokens = rows.Sum(r => r.Sums.CacheReadTokens), CacheWriteTokens = rows.Sum(r => r.Sums.CacheWriteTokens),
        OutputTokens = rows.Sum(r => r.Sums.OutputTokens), CostNanoUsd = rows.Sum(r => r.Sums.CostNanoUsd),
    };
}
