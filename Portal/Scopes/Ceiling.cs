using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Scopes;

/// <summary>
/// The ceiling that was set above a change: looked at before it, checked after it, both inside its transaction. A key never gets more than its team, whoever
/// gives it. A team lead moreover loosens nothing that an admin set: what held for the scope before must still hold, unless the team has a value of the same
/// unit and period, which then is the ceiling.
/// </summary>
/// <remarks>
/// Only the narrower scope is checked. A team may be lowered below its keys: the team's own meter is asked for every request, so it holds whatever its
/// keys say, and a lead need not visit each key first.
/// </remarks>
internal sealed class Ceiling
{
    private readonly GatewayDbContext context;
    private readonly ScopeTarget target;
    private readonly string field;
    private readonly bool isMoney;
    private readonly List<Bound> team;
    private readonly List<Bound> fromAbove;

    private Ceiling(GatewayDbContext context, ScopeTarget target, string field, bool isMoney, List<Bound> team, List<Bound> fromAbove)
    {
        this.context = context;
        this.target = target;
        this.field = field;
        this.isMoney = isMoney;
        this.team = team;
        this.fromAbove = fromAbove;
    }

    /// <summary>What a lead found on the scope; empty for everyone else.</summary>
    public IReadOnlyList<Bound> FromAbove => fromAbove;

    /// <summary>What holds for the scope's team; empty for scopes that have none above them.</summary>
    public IReadOnlyList<Bound> Team => team;

    /// <summary>Looks before the change of a limit or a tier.</summary>
    /// <param name="context">The change's rows.</param>
    /// <param name="actor">Who changes it.</param>
    /// <param name="target">The scope.</param>
    /// <param name="field">The field that a fault is told of.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Ceiling> OfLimitsAsync(GatewayDbContext context, Actor actor, ScopeTarget target, string field, CancellationToken cancellationToken) => new(
        context, target, field, isMoney: false,
        TeamAbove(target) is { } team ? await Bounds.OfLimitsAsync(context, target.OrganisationId, ScopeKinds.Team, team, cancellationToken) : [],
        ScopeRights.IsLead(actor, Permission.ManageBudgets) ? await Bounds.LimitsFromAboveAsync(context, target.OrganisationId, target.Kind, target.Id, cancellationToken) : []);

    /// <summary>Looks before the change of a budget.</summary>
    /// <inheritdoc cref="OfLimitsAsync" />
    public static async Task<Ceiling> OfBudgetsAsync(GatewayDbContext context, Actor actor, ScopeTarget target, string field, CancellationToken cancellationToken) => new(
        context, target, field, isMoney: true,
        TeamAbove(target) is { } team ? await Bounds.OfBudgetsAsync(context, target.OrganisationId, ScopeKinds.Team, team, cancellationToken) : [],
        ScopeRights.IsLead(actor, Permission.ManageBudgets) ? await Bounds.BudgetsFromAboveAsync(context, target.OrganisationId, target.Kind, target.Id, cancellationToken) : []);

    /// <summary>Writes the change's rows and checks them; null = they are within the ceiling.</summary>
    /// <param name="set">What the change set; empty when it took something away.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Failure?> CheckAsync(IReadOnlyList<Bound> set, CancellationToken cancellationToken)
    {
        await context.SaveChangesAsync(cancellationToken);
        foreach (var bound in set)
            if (team.Find(t => t.What == bound.What && t.Period == bound.Period && bound.Amount > t.Amount) is { } over)
                return new Failure.Invalid([new(field, $"Its team has {over}: give it no more than that.")]);
        if (fromAbove.Count == 0) return null;
        var now = isMoney
            ? await Bounds.OfBudgetsAsync(context, target.OrganisationId, target.Kind, target.Id, cancellationToken)
            : await Bounds.OfLimitsAsync(context, target.OrganisationId, target.Kind, target.Id, cancellationToken);
        foreach (var above in fromAbove)
            if (!team.Exists(t => t.What == above.What && t.Period == above.Period) && !now.Exists(n => n.IsWithin(above)))
                return new Failure.Invalid([new(field, $"It was given {above} from above: you may lower that, not lift it. An organisation admin may.")]);
        return null;
    }

    // A default's keys belong to many teams; each team's meter holds them.
    private static string? TeamAbove(ScopeTarget target) => target is { Kind: ScopeKinds.Key or ScopeKinds.User, Id: not null } ? target.TeamId?.ToString() : null;
}
