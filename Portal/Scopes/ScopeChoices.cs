using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Scopes;

/// <summary>What forms offer as scopes.</summary>
/// <param name="Kinds">Kinds that the visitor may set something on, from wide to narrow.</param>
/// <param name="Teams">Their teams, at most 200.</param>
/// <param name="Models">Names of logical models, at most 200.</param>
/// <param name="Deployments">Deployments, at most 200.</param>
/// <param name="MayDefault">Whether the visitor may set what holds for all that have none of their own.</param>
public sealed record ScopeChoices(
    IReadOnlyList<string> Kinds, IReadOnlyList<ScopeOption> Teams, IReadOnlyList<string> Models, IReadOnlyList<ScopeOption> Deployments, bool MayDefault);

/// <summary>A scope to choose.</summary>
/// <param name="Id">Its id as the API takes it.</param>
/// <param name="Name">Its name.</param>
public sealed record ScopeOption(string Id, string Name);

/// <summary>Reads what a visitor may set something on.</summary>
public sealed class ScopeChoicesQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    private static readonly string[] s_ofLead = [ScopeKinds.Team, ScopeKinds.User, ScopeKinds.Key];

    /// <summary>The choices of an actor under a permission; none at all where it has none.</summary>
    public async Task<ScopeChoices> RunAsync(Actor actor, Permission permission, CancellationToken cancellationToken)
    {
        var reach = Permissions.Of(actor, permission);
        if (reach < Reach.Teams || actor.OrganisationId is not { } organisation) return new([], [], [], [], false);
        var isLead = reach == Reach.Teams;
        var own = actor.TeamIds.ToArray();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var teams = await context.Teams.Where(t => t.OrganisationId == organisation && t.ArchivedAt == null && (!isLead || own.Contains(t.Id)))
            .OrderBy(t => t.Name).Select(t => new { t.Id, t.Name }).Take(PageSize.Max).ToListAsync(cancellationToken);
        var models = await context.Models.Where(m => m.OrganisationId == organisation).OrderBy(m => m.Name).Select(m => m.Name).Take(PageSize.Max).ToListAsync(cancellationToken);
        var deployments = isLead ? [] : await context.Deployments.Where(d => d.OrganisationId == organisation)
            .OrderBy(d => d.Name).Select(d => new { d.Id, d.Name }).Take(PageSize.Max).ToListAsync(cancellationToken);
        return new(
            isLead ? s_ofLead : [.. ScopeKinds.All.Where(k => k != ScopeKinds.Global || ScopeRights.IsOperator(actor))],
            teams.ConvertAll(t => new ScopeOption(t.Id.ToString(), t.Name)), models, deployments.ConvertAll(d => new ScopeOption(d.Id.ToString(), d.Name)), !isLead);
    }

    /// <summary>Whether an actor may probably change what is set on a scope; the command looks closer.</summary>
    public static bool MayTouch(Actor actor, Permission permission, string kind, string? id) => Permissions.Of(actor, permission) switch
    {
        Reach.Organisation => kind != ScopeKinds.Global || ScopeRights.IsOperator(actor),
        Reach.Teams => id is not null && (kind is ScopeKinds.Key or ScopeKinds.User || (kind == ScopeKinds.Team && actor.TeamIds.Any(t => t.ToString() == id))),
        _ => false,
    };
}
