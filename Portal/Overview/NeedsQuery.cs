using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Features;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Quarantine;
using AspireGateway.Portal.Reliability;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Overview;

/// <summary>
/// What waits for somebody: each kind only for those who may deal with it or answer for it, and only as far as they may see.
/// </summary>
internal sealed class NeedsQuery(NpgsqlDataSource database, BudgetsQuery budgets, BudgetStandingsQuery standings, ReliabilityQuery reliability, FeaturesQuery features, AlertsQuery alerts, QuarantineQuery quarantine, TimeProvider clock)
{
    /// <summary>Most lines of one kind; the rest is one line more.</summary>
    public const int MaxLines = 4;

    /// <summary>From which part of the cap on a budget is near it, in percent.</summary>
    public const int Near = 80;

    // From when on a decision is urgent.
    private static readonly TimeSpan s_decideSoon = TimeSpan.FromHours(2);

    private static readonly TimeSpan s_canariesBack = TimeSpan.FromDays(7);

    /// <summary>All of it, most urgent first.</summary>
    public async Task<IReadOnlyList<Need>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        List<Need> found =
        [
            .. await AlertsAsync(actor, cancellationToken), .. await CircuitsAsync(actor, cancellationToken), .. await BudgetsAsync(actor, cancellationToken), .. await ApprovalsAsync(actor, cancellationToken),
            .. await QuarantineAsync(actor, cancellationToken), .. await CanariesAsync(actor, cancellationToken), .. await KeysAsync(actor, cancellationToken), .. await FeaturesAsync(actor, cancellationToken),
        ];
        return [.. found.OrderByDescending(n => n.IsUrgent)];
    }

    private async Task<IEnumerable<Need>> AlertsAsync(Actor actor, CancellationToken cancellationToken)
    {
        var open = await alerts.RunAsync(actor, null, AlertViews.Active, null, MaxLines + 1, cancellationToken);
        if (open.Failure is not null) return [];
        // One that somebody looks after, or that is muted, needs nobody else.
        return open.Value.Items.Take(MaxLines).Select(a => new Need("notifications", AlertKinds.Title(a), AlertKinds.Numbers(a), "alerts", a.Tier == AlertTiers.Page));
    }

    private async Task<IEnumerable<Need>> ApprovalsAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Of(actor, Permission.ApproveRequests) < Reach.Teams || Scope.Of(actor, Permission.ApproveRequests) is not { Failure: null, Value: var scope }) return [];
        // Nobody decides on requests of an own key.
        var waiting = (await database.ReadAsync("""
            select count(*)::int from (
                select from approvals a join virtual_keys k on k.id = a.key_id
                where a.organisation_id = @organisation and a.status = 'pending' and (@scope_teams::uuid[] is null or a.team_id = any(@scope_teams)) and (@user::uuid is null or k.owner_id is distinct from @user)
                limit 100) waiting
            """, r => r.GetInt32(0), cancellationToken, [.. scope.Parameters, Sql.Id("user", actor.UserId)]))[0];
        return waiting == 0 ? [] : [new("approval", waiting == 1 ? "1 request waits for your approval" : $"{(waiting < 100 ? waiting : "100 or more")} requests wait for your approval", null, "approvals?status=pending", false)];
    }

    private async Task<IEnumerable<Need>> QuarantineAsync(Actor actor, CancellationToken cancellationToken)
    {
        var (count, first) = await quarantine.WaitingAsync(actor, cancellationToken);
        if (first is not { } deadline) return [];
        var now = clock.GetUtcNow();
        return [new("gpp_maybe", count == 1 ? "1 quarantined request waits for a decision" : $"{(count < 100 ? count : "100 or more")} quarantined requests wait for a decision",
            $"{(count == 1 ? "" : "the first is ")}rejected {Moment.Relative(deadline, now, TimeZoneInfo.Utc)}", "quarantine", deadline - now < s_decideSoon)];
    }

    private async Task<IEnumerable<Need>> BudgetsAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await budgets.RunAsync(actor, new() { Limit = PageSize.Max }, cancellationToken);
        if (page.Failure is not null || page.Value.Items.Count == 0) return [];
        var stands = await standings.RunAsync(actor, page.Value.Items, cancellationToken);
        List<(BudgetStanding Standing, long Used)> near =
            [.. stands.Standings.Select(s => (s, UsedOf(s))).Where(s => s.Item2 >= Near).OrderByDescending(s => s.Item2).ThenBy(s => s.s.Budget.Id)];
        var lines = near.Take(MaxLines).Select(n => new Need(
            "savings", $"{Capital(BudgetForms.NameOf(n.Standing.Budget))} is {(n.Used >= 100 ? "used up" : $"at {n.Used} %")}{(n.Standing.IsDefault ? " for somebody" : "")}",
            $"{Money.Text(n.Standing.SettledNanoUsd ?? 0)} of {Money.Text(n.Standing.CapNanoUsd)}", $"budgets/{n.Standing.Budget.Id}", n.Used >= 100));
        return near.Count <= MaxLines ? lines : lines.Append(new("savings", More(near.Count - MaxLines, "budget is near its cap", "budgets are near their caps"), null, "budgets", false));
    }

    private async Task<IEnumerable<Need>> CircuitsAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is not null) return [];
        var open = await reliability.NotServingAsync(actor, cancellationToken);
        if (open.Failure is not null) return [];
        var lines = open.Value.Take(MaxLines).Select(c => new Need(
            "power_off", c.State == "taken_out" ? $"Deployment {c.Name} is taken out" : $"The circuit of deployment {c.Name} is open", c.Reason, "reliability", true));
        return open.Value.Count <= MaxLines ? lines : lines.Append(new("power_off", More(open.Value.Count - MaxLines, "deployment gets no requests", "deployments get no requests"), null, "reliability", true));
    }

    private async Task<IEnumerable<Need>> CanariesAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is not null) return [];
        // Done with when the next one was started.
        var back = await database.ReadAsync("""
            select c.model, c.reason from canaries c
            where c.organisation_id = @organisation and c.status = 'rolled_back' and c.ended_at >= @since
                and not exists (select from canaries n where n.organisation_id = c.organisation_id and n.model = c.model and n.id > c.id)
            order by c.ended_at desc limit @limit
            """, r => (Model: r.GetString(0), Reason: r.Text(1)), cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Time("since", clock.GetUtcNow() - s_canariesBack), Sql.Number("limit", MaxLines));
        return back.Select(c => new Need("experiment", $"The canary of {c.Model} was rolled back", c.Reason, "canaries", false));
    }

    private async Task<IEnumerable<Need>> KeysAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Scope.Of(actor, Permission.ManageKeys) is not { Failure: null, Value: var scope }) return [];
        var keys = await database.ReadAsync($"""
            select k.name, k.expires_at from virtual_keys k
            where k.organisation_id = @organisation and (@scope_teams::uuid[] is null or k.team_id = any(@scope_teams)) and (@scope_owner::uuid is null or k.owner_id = @scope_owner)
                and {KeyStates.Condition(KeyStates.Expiring)}
            order by k.expires_at limit 100
            """, r => (Name: r.GetString(0), At: r.GetFieldValue<DateTimeOffset>(1)), cancellationToken, [.. scope.Parameters, Sql.Time("now", clock.GetUtcNow())]);
        if (keys.Count == 0) return [];
        var first = $"{keys[0].Name} {Moment.Relative(keys[0].At, clock.GetUtcNow(), TimeZoneInfo.Utc)}";
        return [new("key", keys.Count == 1 ? "1 key expires soon" : $"{(keys.Count < 100 ? keys.Count : "100 or more")} keys expire soon", keys.Count == 1 ? first : $"the first, {first}", $"keys?state={KeyStates.Expiring}", false)];
    }

    private async Task<IEnumerable<Need>> FeaturesAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageFeatures) is not null || Scope.Of(actor, Permission.SeeCosts) is not { Failure: null, Value: var scope }) return [];
        var names = await features.UnownedAsync(scope, MaxLines, cancellationToken);
        if (names.Count == 0) return [];
        var more = names.Count > MaxLines;
        return [new("category", names.Count == 1 ? "1 feature has no owner" : $"{(more ? "More than " + MaxLines : names.Count)} features have no owner", string.Join(", ", names.Take(MaxLines)), "features?owner=none", false)];
    }

    private static long UsedOf(BudgetStanding standing) => standing.SettledNanoUsd is { } settled
        ? (long)(100 * ((decimal)settled + (standing.HeldNanoUsd ?? 0)) / Math.Max(1, standing.IsDefault && standing.Shares is [var top, ..] ? top.CapNanoUsd : standing.CapNanoUsd)) : 0;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string More(int count, string one, string many) => count == 1 ? $"1 more {one}" : $"{count} more {many}";
}
