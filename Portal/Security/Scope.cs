using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Security;

/// <summary>What part of an organisation an actor may look at, as values for a query's conditions.</summary>
/// <param name="OrganisationId">The organisation; always.</param>
/// <param name="TeamIds">Only these teams; null = all.</param>
/// <param name="OwnerId">Only keys of this owner; null = all.</param>
public sealed record Scope(Guid OrganisationId, IReadOnlyList<Guid>? TeamIds, Guid? OwnerId)
{
    /// <summary>The actor's scope under a permission, or why it has none.</summary>
    public static Result<Scope> Of(Actor actor, Permission permission)
    {
        if (Permissions.Refuse(actor, permission) is { } refusal) return refusal;
        return Permissions.Of(actor, permission) switch
        {
            Reach.Teams => new Scope(actor.OrganisationId!.Value, actor.TeamIds, null),
            // A user of no id owns nothing: an id that no row has.
            Reach.Own => new Scope(actor.OrganisationId!.Value, null, actor.UserId ?? Guid.Empty),
            _ => new Scope(actor.OrganisationId!.Value, null, null),
        };
    }

    /// <summary>Condition on a table of usage with the alias <c>u</c>.</summary>
    internal const string OfUsage = """
        u.organisation_id = @organisation
        and (@scope_teams::uuid[] is null or u.team_id = any(@scope_teams))
        and (@scope_owner::uuid is null or u.key_id in (select id from virtual_keys where owner_id = @scope_owner))
        """;

    /// <summary>The values of the conditions.</summary>
    internal NpgsqlParameter[] Parameters =>
        [Sql.Id("organisation", OrganisationId), Sql.Ids("scope_teams", TeamIds), Sql.Id("scope_owner", OwnerId)];
}
