using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Scopes;

/// <summary>Who may set something on a scope.</summary>
internal static class ScopeRights
{
    /// <summary>Whether the actor may touch what holds for the whole installation.</summary>
    public static bool IsOperator(Actor actor) => actor.Roles.Contains(Roles.Operator, StringComparer.Ordinal);

    /// <summary>
    /// The actor as it acts on this kind of scope: in the installation for <see cref="ScopeKinds.Global"/>, and also an operator that named no organisation;
    /// else in its own organisation. The writer's lock follows it.
    /// </summary>
    public static Actor Acting(Actor actor, string? kind = null) =>
        IsOperator(actor) && (kind == ScopeKinds.Global || (kind is null && actor.OrganisationId is null)) ? actor with { OrganisationId = Guid.Empty } : actor;

    /// <summary>Null when the actor may do it to this scope; otherwise why not.</summary>
    public static Failure? Refuse(Actor actor, Permission permission, ScopeTarget target)
    {
        if (Permissions.Refuse(actor, permission) is { } refusal) return refusal;
        if (target.OrganisationId == Guid.Empty) return IsOperator(actor) ? null : new Failure.Forbidden("Only an operator may do this for the whole installation.");
        if (target.OrganisationId != actor.OrganisationId) return new Failure.NotFound(target.Kind);
        return Permissions.Of(actor, permission) switch
        {
            Reach.Organisation => null,
            Reach.Teams when target.TeamId is { } team && actor.TeamIds.Contains(team) => null,
            _ => new Failure.Forbidden("You may do this for your own teams, their keys and their users only."),
        };
    }

    /// <summary>Whether the actor's right ends at its teams, so that what was set above them binds it.</summary>
    public static bool IsLead(Actor actor, Permission permission) => Permissions.Of(actor, permission) == Reach.Teams;
}
