using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Users;

/// <summary>Lists the people of an organisation: all for its admins, members of their own teams for team leads.</summary>
public sealed class PeopleQuery(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = """
        select p.id, p.email, p.display_name, p.role, p.role_source, p.created_at, p.disabled_at, p.identity_id is not null,
            (select count(*)::int from portal_sessions s
                where s.identity_id = p.identity_id and s.ended_at is null and s.expires_at > @now and s.seen_at + make_interval(secs => s.idle_seconds) > @now),
            greatest((select max(s.seen_at) from portal_sessions s where s.identity_id = p.identity_id), (select i.signed_in_at from identities i where i.id = p.identity_id)),
            coalesce((select json_agg(json_build_object('id', t.id, 'name', t.name, 'lead', m.is_lead) order by t.name, t.id) from team_members m join teams t on t.id = m.team_id
                where m.user_id = p.id and t.organisation_id = p.organisation_id and (@scope_teams::uuid[] is null or t.id = any(@scope_teams))), '[]')::text
        """;

    private const string Seen = """
        p.organisation_id = @organisation
        and (@scope_teams::uuid[] is null or exists (select from team_members m where m.user_id = p.id and m.team_id = any(@scope_teams)))
        """;

    /// <summary>A page, by address.</summary>
    public async Task<Result<Page<PersonRow>>> RunAsync(Actor actor, PeopleFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeePeople);
        if (scope.Failure is { } refusal) return refusal;
        if (!string.IsNullOrEmpty(filter.Role) && !Roles.All.Contains(filter.Role, StringComparer.Ordinal)) return new Failure.Invalid([new("role", $"role is one of {string.Join(", ", SetRole.Choices)}.")]);
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        var search = string.IsNullOrWhiteSpace(filter.Search) ? null : Sql.BeginsWith(filter.Search.Trim().ToLowerInvariant());
        // The page is cut first, so that sessions and teams of its rows only are read.
        var rows = await database.ReadAsync($"""
            {Columns}
            from (
                select * from users p
                where {Seen} and (@disabled or p.disabled_at is null) and (@role::text is null or p.role = @role)
                    and (@team::uuid is null or exists (select from team_members m where m.user_id = p.id and m.team_id = @team and (@scope_teams::uuid[] is null or m.team_id = any(@scope_teams))))
                    and (@search::text is null or p.email like @search or lower(p.display_name) like @search)
                    and (@after::uuid is null or p.email > (select a.email from users a where a.id = @after and a.organisation_id = @organisation))
                order by p.email limit @limit
            ) p order by p.email
            """, Row, cancellationToken,
            [.. scope.Value.Parameters, new("disabled", filter.IncludeDisabled), Sql.Text("role", string.IsNullOrEmpty(filter.Role) ? null : filter.Role), Sql.Text("search", search), Sql.Id("team", filter.TeamId), Sql.Id("after", after),
                Sql.Number("limit", limit + 1), Sql.Time("now", clock.GetUtcNow())]);
        return PageSize.Page(rows, limit, p => p.Id.ToString());
    }

    /// <summary>One of them.</summary>
    public async Task<Result<PersonRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeePeople);
        if (scope.Failure is { } refusal) return refusal;
        var rows = await database.ReadAsync(
            $"{Columns} from users p where {Seen} and p.id = @id", Row, cancellationToken, [.. scope.Value.Parameters, Sql.Id("id", id), Sql.Time("now", clock.GetUtcNow())]);
        return rows is [var row] ? row : new Failure.NotFound("user");
    }

    private static PersonRow Row(NpgsqlDataReader r)
    {
        using var teams = JsonDocument.Parse(r.GetString(10));
        return new()
        {
            Id = r.GetGuid(0), Email = r.GetString(1), DisplayName = r.GetString(2), Role = r.GetString(3), RoleSource = r.GetString(4), CreatedAt = r.GetFieldValue<DateTimeOffset>(5),
            DisabledAt = r.Nullable<DateTimeOffset>(6), HasSignedIn = r.GetBoolean(7), Sessions = r.GetInt32(8), LastSeenAt = r.Nullable<DateTimeOffset>(9),
            Teams = [.. teams.RootElement.EnumerateArray().Select(t => new PersonTeam(t.GetProperty("id").GetGuid(), t.GetProperty("name").GetString()!, t.GetProperty("lead").GetBoolean()))],
        };
    }
}
