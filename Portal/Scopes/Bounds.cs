using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Scopes;

/// <summary>
/// Reads what holds for a scope, in the order that gateways follow: of each unit what is set on the scope itself; else its tier's (or the default tier's)
/// share; else the default of its kind.
/// </summary>
internal static class Bounds
{
    /// <summary>The limits that hold for a scope.</summary>
    public static async Task<List<Bound>> OfLimitsAsync(GatewayDbContext context, Guid organisation, string kind, string? id, CancellationToken cancellationToken) =>
        Holding(await AllLimitsAsync(context, organisation, kind, id, cancellationToken), own => true);

    /// <summary>The limits that a lead found there: those by admins, and what holds where admins set none.</summary>
    public static async Task<List<Bound>> LimitsFromAboveAsync(GatewayDbContext context, Guid organisation, string kind, string? id, CancellationToken cancellationToken) =>
        Holding(await AllLimitsAsync(context, organisation, kind, id, cancellationToken), own => own.FromAbove);

    /// <summary>The budgets that hold for a scope.</summary>
    public static async Task<List<Bound>> OfBudgetsAsync(GatewayDbContext context, Guid organisation, string kind, string? id, CancellationToken cancellationToken) =>
        Holding(await AllBudgetsAsync(context, organisation, kind, id, cancellationToken), own => true);

    /// <summary>The budgets that a lead found there.</summary>
    public static async Task<List<Bound>> BudgetsFromAboveAsync(GatewayDbContext context, Guid organisation, string kind, string? id, CancellationToken cancellationToken) =>
        Holding(await AllBudgetsAsync(context, organisation, kind, id, cancellationToken), own => own.FromAbove);

    /// <summary>Whether a lead made a row, so that leads may change it freely below their ceiling. Admins' rows, and those of people who left, are not theirs.</summary>
    public static Task<bool> IsByLeadAsync(GatewayDbContext context, Guid organisation, string createdBy, CancellationToken cancellationToken) =>
        context.Users.AnyAsync(u => u.OrganisationId == organisation && u.Email == createdBy && u.Role == Roles.TeamLead && u.DisabledAt == null, cancellationToken);

    private static List<Bound> Holding((List<Bound> Own, List<Bound> Otherwise) all, Func<Bound, bool> counts)
    {
        var own = all.Own.FindAll(b => counts(b));
        return [.. own, .. all.Otherwise.Where(o => !own.Exists(b => b.What == o.What))];
    }

    private static async Task<(List<Bound> Own, List<Bound> Otherwise)> AllLimitsAsync(
        GatewayDbContext context, Guid organisation, string kind, string? id, CancellationToken cancellationToken)
    {
        var rows = await context.Limits.AsNoTracking()
            .Where(l => l.OrganisationId == organisation && l.ScopeKind == kind && (l.ScopeId == id || l.ScopeId == null)).ToListAsync(cancellationToken);
        var byLeads = await ByLeadsAsync(context, organisation, rows.Select(r => r.CreatedBy), cancellationToken);
        Bound Of(Limit l) => new(l.Unit, l.Period, l.Amount, l.OnLimit is LimitActions.Reject or LimitActions.Clamp, l.ScopeId is null || !byLeads.Contains(l.CreatedBy));
        var own = rows.Where(r => r.ScopeId == id).Select(Of).ToList();
        if (id is null) return (own, []);

        var assigned = await context.TierAssignments.AsNoTracking()
            .Where(a => a.OrganisationId == organisation && a.ScopeKind == kind && (a.ScopeId == id || a.ScopeId == null))
            .OrderByDescending(a => a.ScopeId != null).Join(context.Tiers, a => a.TierId, t => t.Id, (a, t) => t).FirstOrDefaultAsync(cancellationToken);
        List<Bound> otherwise = assigned is null ? [] : [.. OfTier(assigned)];
        return (own, [.. otherwise, .. rows.Where(r => r.ScopeId is null && !otherwise.Exists(o => o.What == r.Unit)).Select(Of)]);
    }

    /// <summary>A tier's shares.</summary>
    public static IEnumerable<Bound> OfTier(Tier tier)
    {
        if (tier.RequestsPerMinute is { } requests) yield return new(LimitUnits.Requests, LimitPeriods.Minute, requests, true, true);
        if (tier.TokensPerMinute is { } tokens) yield return new(LimitUnits.Tokens, LimitPeriods.Minute, tokens, true, true);
        if (tier.Concurrency is { } concurrency) yield return new(LimitUnits.Concurrency, null, concurrency, true, true);
    }

    private static async Task<(List<Bound> Own, List<Bound> Otherwise)> AllBudgetsAsync(
        GatewayDbContext context, Guid organisation, string kind, string? id, CancellationToken cancellationToken)
    {
        var rows = await context.Budgets.AsNoTracking()
            .Where(b => b.OrganisationId == organisation && b.ScopeKind == kind && (b.ScopeId == id || b.ScopeId == null)).ToListAsync(cancellationToken);
        var byLeads = await ByLeadsAsync(context, organisation, rows.Select(r => r.CreatedBy), cancellationToken);
        Bound Of(Budget b) => new(Bound.Money, b.Period, b.CapNanoUsd, b.OnExceeded == BudgetActions.Reject, b.ScopeId is null || !byLeads.Contains(b.CreatedBy));
        var own = rows.Where(r => r.ScopeId == id).Select(Of).ToList();
        return (own, id is null ? [] : rows.Where(r => r.ScopeId is null).Select(Of).ToList());
    }

    private static async Task<HashSet<string>> ByLeadsAsync(GatewayDbContext context, Guid organisation, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var asked = names.Distinct(StringComparer.Ordinal).ToArray();
        var leads = await context.Users.Where(u => u.OrganisationId == organisation && asked.Contains(u.Email) && u.Role == Roles.TeamLead && u.DisabledAt == null)
            .Select(u => u.Email).ToListAsync(cancellationToken);
        return [.. leads];
    }
}
