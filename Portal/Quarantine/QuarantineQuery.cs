using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Guardrails;
using Npgsql;

namespace AspireGateway.Portal.Quarantine;

/// <summary>What to list.</summary>
public sealed record QuarantineFilter
{
    /// <summary>Only requests in this state; of <see cref="QuarantineStates"/>.</summary>
    public string? State { get; init; }

    /// <summary>Only requests of this team's keys.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}

/// <summary>Lists quarantined requests, newest first, for those who see guardrails; nothing of their texts.</summary>
public sealed class QuarantineQuery(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Select = """
        select q.id, q.team_id, q.key_id, q.record_id, q.operation, q.model, q.user_id, q.feature, q.agent, q.guardrails, q.finding_types, q.finding_counts, q.body_bytes, q.state,
            q.created_at, q.deadline, q.decided_at, q.decided_by, q.note, q.valid_until, q.used_at, q.payload is not null, t.name, k.name
        from quarantined_requests q join teams t on t.id = q.team_id join virtual_keys k on k.id = q.key_id
        where q.organisation_id = @organisation
        """;

    /// <summary>A page of those that the actor may see.</summary>
    public async Task<Result<Page<QuarantineRow>>> RunAsync(Actor actor, QuarantineFilter filter, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var state = string.IsNullOrEmpty(filter.State) ? null : filter.State;
        if (state is not null && !QuarantineStates.All.Contains(state, StringComparer.Ordinal))
            return new Failure.Invalid([new("state", $"state is one of {string.Join(", ", QuarantineStates.All)}.")]);
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync($"""
            {Select} and (@state::text is null or q.state = @state) and (@team::uuid is null or q.team_id = @team) and (@after::uuid is null or q.id < @after)
            order by q.id desc limit @limit
            """, Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Text("state", state), Sql.Id("team", filter.TeamId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, q => q.Id.ToString());
    }

    /// <summary>One request.</summary>
    public async Task<Result<QuarantineRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and q.id = @id", Row, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var row] ? row : new Failure.NotFound("quarantined request");
    }

    /// <summary>How many wait for this actor's decision, counted up to 100, and the first deadline; 0 for those who decide nothing. Nobody decides on requests of an own key.</summary>
    public async Task<(int Count, DateTimeOffset? First)> WaitingAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ReleaseQuarantine) is not null) return (0, null);
        var rows = await database.ReadAsync("""
            select count(*)::int, min(deadline) from (
                select q.deadline from quarantined_requests q join virtual_keys k on k.id = q.key_id
                where q.organisation_id = @organisation and q.state = 'pending' and q.deadline > @now and (@user::uuid is null or k.owner_id is distinct from @user)
                order by q.deadline limit 100) waiting
            """, r => (r.GetInt32(0), r.Nullable<DateTimeOffset>(1)), cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Time("now", clock.GetUtcNow()), Sql.Id("user", actor.UserId));
        return rows[0];
    }

    private static QuarantineRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), TeamId = r.GetGuid(1), KeyId = r.GetGuid(2), RecordId = r.GetGuid(3), Operation = r.GetString(4), Model = r.GetString(5), UserId = r.Text(6), Feature = r.Text(7),
        Agent = r.Text(8), Guardrails = r.GetFieldValue<string[]>(9), Findings = QuarantineDetails.FindingsOf(r.GetFieldValue<string[]>(10), r.GetFieldValue<int[]>(11)),
        BodyBytes = r.GetInt32(12), State = r.GetString(13), CreatedAt = r.GetFieldValue<DateTimeOffset>(14), Deadline = r.GetFieldValue<DateTimeOffset>(15),
        DecidedAt = r.Nullable<DateTimeOffset>(16), DecidedBy = r.Text(17), Note = r.Text(18), ValidUntil = r.Nullable<DateTimeOffset>(19), UsedAt = r.Nullable<DateTimeOffset>(20),
        HasText = r.GetBoolean(21), TeamName = r.GetString(22), KeyName = r.GetString(23),
    };
}
