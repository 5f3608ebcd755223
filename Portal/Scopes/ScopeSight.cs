using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Scopes;

/// <summary>Which rows of a table with the alias <c>s</c> and columns <c>organisation_id, scope_kind, scope_id</c> an actor may list.</summary>
internal static class ScopeSight
{
    /// <summary>
    /// The condition. Who sees teams or own keys only sees what is set on those, and what may hold for them too: defaults and the organisation's. Users,
    /// features, agents and models of others stay out. The installation's rows are the operators'.
    /// </summary>
    public const string Condition = """
        (s.organisation_id = @organisation or (@installation and s.organisation_id = '00000000-0000-0000-0000-000000000000'))
        and ((@scope_teams::uuid[] is null and @scope_owner::uuid is null)
            or s.scope_id is null
            or (s.scope_kind = 'team' and s.scope_id = any(@sight_teams))
            or (s.scope_kind = 'key' and s.scope_id in (
                select k.id::text from virtual_keys k where k.organisation_id = @organisation and (k.team_id = any(@scope_teams) or k.owner_id = @scope_owner)))
            or (s.scope_kind = 'user' and s.scope_id in (
                select k.user_id from virtual_keys k where k.organisation_id = @organisation and (k.team_id = any(@scope_teams) or k.owner_id = @scope_owner))))
        """;

    /// <summary>The scope's name for people.</summary>
    public const string Name = """
        case s.scope_kind
            when 'team' then (select t.name from teams t where t.id = s.scope_id::uuid)
            when 'key' then (select k.name from virtual_keys k where k.id = s.scope_id::uuid)
            when 'deployment' then (select d.name from deployments d where d.id = s.scope_id::uuid)
            else s.scope_id
        end
        """;

    /// <summary>The values of the condition, or why the actor sees nothing.</summary>
    public static Result<NpgsqlParameter[]> Of(Actor actor, Permission permission)
    {
        var acting = ScopeRights.Acting(actor);
        var scope = Scope.Of(acting, permission);
        if (scope.Failure is { } refusal) return refusal;
        return (NpgsqlParameter[])
        [
            .. scope.Value.Parameters,
            new("installation", ScopeRights.IsOperator(actor)),
            new("sight_teams", actor.TeamIds.Select(t => t.ToString()).ToArray()),
        ];
    }
}
