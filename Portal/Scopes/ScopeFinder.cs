using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Scopes;

/// <summary>Finds what a request names as its scope. Teams, keys, deployments and models must exist; users, features and agents are whatever callers call them.</summary>
internal static class ScopeFinder
{
    /// <summary>Longest name of a user, feature or agent, in characters.</summary>
    public const int MaxName = 128;

    private const string KindField = "scope_kind", IdField = "scope_id";

    /// <summary>Checks what can be told without the database.</summary>
    /// <param name="checks">Takes the faults.</param>
    /// <param name="kind">The kind as sent.</param>
    /// <param name="id">The id or name as sent; blank counts as missing.</param>
    /// <param name="kinds">Kinds that are possible here.</param>
    /// <param name="withDefaults">Whether a missing id stands for the default of the kind.</param>
    public static (string Kind, string? Id) Read(FieldChecks checks, string? kind, string? id, IReadOnlyList<string> kinds, bool withDefaults = true)
    {
        var word = checks.Choice(KindField, kind, kinds);
        var name = checks.Optional(IdField, id, 200);
        if (word == ScopeKinds.Global) checks.Must(name is null, IdField, "global has no scope_id.");
        else if (!withDefaults && ScopeKinds.WithDefaults.Contains(word, StringComparer.Ordinal)) checks.Must(name is not null, IdField, "scope_id is required.");
        if (word is ScopeKinds.User or ScopeKinds.Feature or ScopeKinds.Agent)
            checks.Must(name is not { Length: > MaxName }, IdField, $"scope_id may be at most {MaxName} characters long.");
        return (word, name);
    }

    /// <summary>The scope, or the fault of its field.</summary>
    public static async Task<Result<ScopeTarget>> FindAsync(GatewayDbContext context, Actor actor, string kind, string? id, CancellationToken cancellationToken)
    {
        if (kind == ScopeKinds.Global) return new ScopeTarget(Guid.Empty, kind, null, null);
        if (actor.OrganisationId is not { } organisation || organisation == Guid.Empty) return new Failure.NotFound("organisation");
        if (kind == ScopeKinds.Organisation) return await OrganisationAsync(context, organisation, id, cancellationToken);
        if (id is null) return new ScopeTarget(organisation, kind, null, null);
        return kind switch
        {
            ScopeKinds.Team => await TeamAsync(context, organisation, id, cancellationToken),
            ScopeKinds.Key => await KeyAsync(context, organisation, id, cancellationToken),
            ScopeKinds.Deployment => await DeploymentAsync(context, organisation, id, cancellationToken),
            ScopeKinds.Model => await ModelAsync(context, organisation, id, cancellationToken),
            ScopeKinds.User => new ScopeTarget(organisation, kind, id, await TeamOfUserAsync(context, actor, id, cancellationToken)),
            _ => new ScopeTarget(organisation, kind, id, null),
        };
    }

    /// <summary>The scope of a row that is there already.</summary>
    public static async Task<ScopeTarget> OfRowAsync(
        GatewayDbContext context, Actor actor, Guid organisation, string kind, string? id, CancellationToken cancellationToken)
    {
        var team = (kind, id) switch
        {
            (_, null) => null,
            (ScopeKinds.Team, _) => Guid.Parse(id),
            (ScopeKinds.Key, _) when Guid.Parse(id) is var key => await context.VirtualKeys.Where(k => k.Id == key).Select(k => (Guid?)k.TeamId).FirstOrDefaultAsync(cancellationToken),
            (ScopeKinds.User, _) => await TeamOfUserAsync(context, actor, id, cancellationToken),
            _ => (Guid?)null,
        };
        return new(organisation, kind, id, team);
    }

    private static async Task<Result<ScopeTarget>> OrganisationAsync(GatewayDbContext context, Guid organisation, string? id, CancellationToken cancellationToken)
    {
        var own = id is null || (Guid.TryParse(id, out var given) ? given == organisation : await context.Organisations.AnyAsync(o => o.Id == organisation && o.Slug == id, cancellationToken));
        return own ? new ScopeTarget(organisation, ScopeKinds.Organisation, null, null) : Unknown("organisation", id!);
    }

    private static async Task<Result<ScopeTarget>> TeamAsync(GatewayDbContext context, Guid organisation, string id, CancellationToken cancellationToken)
    {
        Guid? given = Guid.TryParse(id, out var parsed) ? parsed : null;
        var found = await context.Teams
            .Where(t => t.OrganisationId == organisation && (t.Id == given || t.Slug == id || t.Name == id))
            .OrderByDescending(t => t.Id == given).ThenByDescending(t => t.Slug == id).Select(t => new { t.Id, Sure = t.Id == given || t.Slug == id }).Take(2).ToListAsync(cancellationToken);
        return Chosen(found.ConvertAll(t => (t.Id, t.Sure)), "team", id, t => new(organisation, ScopeKinds.Team, t.ToString(), t));
    }

    // Names of keys are unique among a team's live keys only.
    private static async Task<Result<ScopeTarget>> KeyAsync(GatewayDbContext context, Guid organisation, string id, CancellationToken cancellationToken)
    {
        Guid? given = Guid.TryParse(id, out var parsed) ? parsed : null;
        var found = await context.VirtualKeys
            .Where(k => k.OrganisationId == organisation && (k.Id == given || (k.Name == id && k.RevokedAt == null)))
            .OrderByDescending(k => k.Id == given).Select(k => new { k.Id, k.TeamId, Sure = k.Id == given }).Take(2).ToListAsync(cancellationToken);
        return Chosen(found.ConvertAll(k => (k.Id, k.Sure)), "key", id, k => new(organisation, ScopeKinds.Key, k.ToString(), found[0].TeamId));
    }

    private static async Task<Result<ScopeTarget>> DeploymentAsync(GatewayDbContext context, Guid organisation, string id, CancellationToken cancellationToken)
    {
        Guid? given = Guid.TryParse(id, out var parsed) ? parsed : null;
        var found = await context.Deployments.Where(d => d.OrganisationId == organisation && (d.Id == given || d.Name == id))
            .OrderByDescending(d => d.Id == given).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(cancellationToken);
        return found is { } deployment ? new ScopeTarget(organisation, ScopeKinds.Deployment, deployment.ToString(), null) : Unknown("deployment", id);
    }

    // Kept by its name, as requests are counted by it, whatever alias they came with.
    private static async Task<Result<ScopeTarget>> ModelAsync(GatewayDbContext context, Guid organisation, string id, CancellationToken cancellationToken)
    {
        Guid? given = Guid.TryParse(id, out var parsed) ? parsed : null;
        var name = await context.Models.Where(m => m.OrganisationId == organisation && (m.Id == given || m.Name == id || m.Aliases.Any(a => a.Name == id)))
            .OrderByDescending(m => m.Id == given).Select(m => m.Name).FirstOrDefaultAsync(cancellationToken);
        if (name is null && await ModelNames.CheckAsync(context, organisation, IdField, id, cancellationToken) is not null) return Unknown("model", id);
        return new ScopeTarget(organisation, ScopeKinds.Model, name ?? id, null);
    }

    /// <summary>
    /// The actor's team that a user belongs to: a live key of the team is pinned to the user, or a member of the team has the name as e-mail address. Other
    /// names could be anyone's, and whoever another team has a key pinned to is not one team's alone: they are no lead's.
    /// </summary>
    private static async Task<Guid?> TeamOfUserAsync(GatewayDbContext context, Actor actor, string name, CancellationToken cancellationToken)
    {
        if (actor.TeamIds.Count == 0) return null;
        var teams = actor.TeamIds.ToArray();
        if (await context.VirtualKeys.AnyAsync(k => k.OrganisationId == actor.OrganisationId && !teams.Contains(k.TeamId) && k.UserId == name && k.RevokedAt == null, cancellationToken))
            return null;
        return await context.VirtualKeys.Where(k => teams.Contains(k.TeamId) && k.UserId == name && k.RevokedAt == null).Select(k => (Guid?)k.TeamId).FirstOrDefaultAsync(cancellationToken)
            ?? await context.TeamMembers.Where(m => teams.Contains(m.TeamId) && context.Users.Any(u => u.Id == m.UserId && u.Email == name)).Select(m => (Guid?)m.TeamId).FirstOrDefaultAsync(cancellationToken);
    }

    private static Result<ScopeTarget> Chosen(List<(Guid Id, bool Sure)> found, string what, string id, Func<Guid, ScopeTarget> target) => found switch
    {
        [] => Unknown(what, id),
        [{ Sure: false }, _] => new Failure.Invalid([new(IdField, $"Several {what}s are called {id}. Give the id.")]),
        [var one, ..] => target(one.Id),
    };

    private static Failure.Invalid Unknown(string what, string id) => new([new(IdField, $"There is no {what} {id}.")]);
}
