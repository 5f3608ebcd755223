using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Teams;

/// <summary>What to list.</summary>
public sealed record TeamsFilter
{
    /// <summary>What the name begins with, whatever the case.</summary>
    public string? Search { get; init; }

    /// <summary>Whether archived teams are listed too.</summary>
    public bool IncludeArchived { get; init; }

    /// <summary>Only teams for which the actor may issue keys.</summary>
    public bool MayIssueOnly { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}

/// <summary>Lists the organisation's teams.</summary>
public sealed class TeamsQuery(NpgsqlDataSource database, TimeProvider clock)
{
    // The order makes the planner walk the team's index, also where one team holds most of the keys.
    private const string Columns = """
        select t.id, t.slug, t.name, t.allowed_models, t.default_model, t.created_at, t.archived_at,
            (select count(*)::int from (
                select from virtual_keys k where k.team_id = t.id
                    and (k.revoked_at is null or k.revoked_at > @now) and (k.expires_at is null or k.expires_at > @now) order by k.id desc limit 1000) counted),
            (select count(*)::int from team_members m where m.team_id = t.id),
            t.approval_threshold_nano_usd, t.approval_action, t.approval_model, t.allowed_regions, t.guardrail_level
        from teams t
        """;

    /// <summary>A page, oldest first.</summary>
    public async Task<Result<Page<TeamRow>>> RunAsync(Actor actor, TeamsFilter filter, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var mine = filter.MayIssueOnly && Permissions.Of(actor, Permission.ManageKeys) != Reach.Organisation ? actor.TeamIds : null;
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync($"""
            {Columns}
            where t.organisation_id = @organisation and (@archived or t.archived_at is null)
                and (@mine::uuid[] is null or t.id = any(@mine))
                and (@search::text is null or t.name ilike @search)
                and (@after::uuid is null or t.id > @after)
            order by t.id limit @limit
            """, Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), new("archived", filter.IncludeArchived), Sql.Ids("mine", mine),
            Sql.Text("search", string.IsNullOrWhiteSpace(filter.Search) ? null : Sql.BeginsWith(filter.Search.Trim())),
            Sql.Id("after", after), Sql.Number("limit", limit + 1), Sql.Time("now", clock.GetUtcNow()));
        return PageSize.Page(rows, limit, t => t.Id.ToString());
    }

    /// <summary>One team.</summary>
    public async Task<Result<TeamRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var rows = await database.ReadAsync(
            $"{Columns} where t.organisation_id = @organisation and t.id = @id", Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id), Sql.Time("now", clock.GetUtcNow()));
        return rows is [var row] ? row : new Failure.NotFound("team");
    }

    private static TeamRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), Slug = r.GetString(1), Name = r.GetString(2), AllowedModels = r.GetFieldValue<string[]>(3), DefaultModel = r.Text(4),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(5), ArchivedAt = r.Nullable<DateTimeOffset>(6), LiveKeys = r.GetInt32(7), Members = r.GetInt32(8),
        ApprovalThresholdNanoUsd = r.Nullable<long>(9), ApprovalAction = r.Text(10), ApprovalModel = r.Text(11), AllowedRegions = r.GetFieldValue<string[]>(12), GuardrailLevel = r.Text(13),
    };
}
