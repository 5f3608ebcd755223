using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Overview;

/// <summary>What the gateway refused lately and why, and what was changed lately; counts only, no costs. For those who read the audit of the whole organisation.</summary>
internal sealed class SecurityQuery(UsageReader usage, AuditQuery audit, TimeProvider clock)
{
    /// <summary>Most refused requests whose reasons are counted, the newest.</summary>
    public const int MaxLookedAt = 10_000;

    private const int MaxReasons = 6, MaxChanges = 6;

    /// <summary>The last 24 hours.</summary>
    public async Task<Result<SecurityData>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.ReadAudit);
        if (scope.Failure is { } refusal) return refusal;
        if (Permissions.Of(actor, Permission.ReadAudit) != Reach.Organisation) return new Failure.Forbidden("Your role may not see what was refused in the whole organisation.");
        var changes = await audit.RunAsync(actor, new() { Limit = MaxChanges }, cancellationToken);
        if (changes.Failure is { } noChanges) return noChanges;

        await using var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken);
        var now = clock.GetUtcNow();
        // From a whole hour on, as sums of hours are kept; the running one is compared with the same part of its hour.
        var from = OverviewQuery.StartOfHour(now, look.Zone).AddHours(-23);
        var question = new UsageQuestion { Scope = scope.Value, From = from, To = now };
        var reasons = await look.RowsAsync("""
            select coalesce(u.error, ''), count(*) from (
                select error from usage_records where organisation_id = @organisation and status = 'refused' and at >= @from order by at desc limit @looked) u
            group by 1 order by 2 desc, 1 limit @limit
            """,
            r => (r.GetString(0), r.GetInt64(1)),
            [Sql.Id("organisation", scope.Value.OrganisationId), Sql.Time("from", from), Sql.Number("looked", MaxLookedAt), Sql.Number("limit", MaxReasons)], cancellationToken);
        return new SecurityData(await RefusedAsync(question), await RefusedAsync(question with { From = from.AddDays(-1), To = now.AddDays(-1) }), reasons, changes.Value.Items);

        async Task<long> RefusedAsync(UsageQuestion asked) => (await look.HoursAsync(asked, cancellationToken)).Sum(h => h.Sums.Refused);
    }
}
