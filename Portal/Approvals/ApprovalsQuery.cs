using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Portal.Approvals;

/// <summary>What to list.</summary>
public sealed record ApprovalsFilter
{
    /// <summary>Only approvals in this state; of <see cref="ApprovalStatuses"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Only approvals of this team's keys.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}

/// <summary>Lists approvals, newest first: an approver's to decide, a developer's own to know of.</summary>
public sealed class ApprovalsQuery(NpgsqlDataSource database)
{
    private const string Select = """
        select a.id, a.team_id, a.key_id, a.record_id, a.model, a.user_id, a.feature, a.expected_nano_usd, a.worst_case_nano_usd, a.threshold_nano_usd, a.status,
            a.requested_at, a.decided_at, a.decided_by, a.reason, a.once, a.ceiling_nano_usd, a.valid_until, t.name, k.name
        from approvals a join teams t on t.id = a.team_id join virtual_keys k on k.id = a.key_id
        where a.organisation_id = @organisation
            and (@scope_teams::uuid[] is null or a.team_id = any(@scope_teams))
            and (@scope_owner::uuid is null or k.owner_id = @scope_owner)
        """;

    /// <summary>A page of those that the actor may see.</summary>
    public async Task<Result<Page<ApprovalRow>>> RunAsync(Actor actor, ApprovalsFilter filter, CancellationToken cancellationToken)
    {
        var scope = Sight(actor);
        if (scope.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var status = string.IsNullOrEmpty(filter.Status) ? null : filter.Status;
        if (status is not null && !ApprovalStatuses.All.Contains(status, StringComparer.Ordinal))
            return new Failure.Invalid([new("status", $"status is one of {string.Join(", ", ApprovalStatuses.All)}.")]);
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync($"""
            {Select} and (@status::text is null or a.status = @status) and (@team::uuid is null or a.team_id = @team) and (@after::uuid is null or a.id < @after)
            order by a.id desc limit @limit
            """, Row, cancellationToken,
            [.. scope.Value.Parameters, Sql.Text("status", status), Sql.Id("team", filter.TeamId), Sql.Id("after", after), Sql.Number("limit", limit + 1)]);
        return PageSize.Page(rows, limit, a => a.Id.ToString());
    }

    /// <summary>How many wait for this actor's decision, counted up to 100; 0 for those who decide nothing.</summary>
    public async Task<int> WaitingAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Of(actor, Permission.ApproveRequests) < Reach.Teams) return 0;
        var scope = Scope.Of(actor, Permission.ApproveRequests);
        if (!scope.Succeeded) return 0;
        var rows = await database.ReadAsync("""
            select count(*)::int from (
                select from approvals a
                where a.organisation_id = @organisation and a.status = 'pending' and (@scope_teams::uuid[] is null or a.team_id = any(@scope_teams))
                limit 100) waiting
            """, r => r.GetInt32(0), cancellationToken, scope.Value.Parameters);
        return rows[0];
    }

    /// <summary>One approval.</summary>
    public async Task<Result<ApprovalRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var scope = Sight(actor);
        if (scope.Failure is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and a.id = @id", Row, cancellationToken, [.. scope.Value.Parameters, Sql.Id("id", id)]);
        return rows is [var row] ? row : new Failure.NotFound("approval");
    }

    // Approvals are about costs: who may not decide sees those whose costs they see.
    private static Result<Scope> Sight(Actor actor) =>
        Scope.Of(actor, Permissions.Of(actor, Permission.ApproveRequests) >= Permissions.Of(actor, Permission.SeeCosts) ? Permission.ApproveRequests : Permission.SeeCosts);

    private static ApprovalRow Row(NpgsqlDataReader r)
    {
        var (expected, worst, threshold, ceiling) = (r.GetInt64(7), r.GetInt64(8), r.GetInt64(9), r.Nullable<long>(16));
        return new()
        {
            Id = r.GetGuid(0), TeamId = r.GetGuid(1), KeyId = r.GetGuid(2), RecordId = r.GetGuid(3), Model = r.GetString(4), UserId = r.Text(5), Feature = r.Text(6),
            ExpectedUsd = UsdAmount.Text(expected), ExpectedNanoUsd = expected, WorstCaseUsd = UsdAmount.Text(worst), WorstCaseNanoUsd = worst,
            ThresholdUsd = UsdAmount.Text(threshold), ThresholdNanoUsd = threshold, Status = r.GetString(10), RequestedAt = r.GetFieldValue<DateTimeOffset>(11),
            DecidedAt = r.Nullable<DateTimeOffset>(12), DecidedBy = r.Text(13), Reason = r.Text(14), Once = r.GetBoolean(15), CeilingUsd = UsdAmount.Text(ceiling),
            CeilingNanoUsd = ceiling, ValidUntil = r.Nullable<DateTimeOffset>(17), TeamName = r.GetString(18), KeyName = r.GetString(19),
        };
    }
}
