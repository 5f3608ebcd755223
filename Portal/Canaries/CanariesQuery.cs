using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Canaries;

/// <summary>Lists canaries, running ones too, newest first.</summary>
public sealed class CanariesQuery(NpgsqlDataSource database, CanaryCounts counts)
{
    private const string Select = """
        select c.id, c.model, c.deployment_id, c.sticky, c.shares, c.dwell_seconds, c.min_requests, c.max_error_increase, c.max_latency_ratio, c.max_cost_ratio, c.max_quality_drop,
            c.status, c.reason, c.created_at, c.created_by, c.ended_at, c.ended_by, d.name
        from canaries c join deployments d on d.id = c.deployment_id
        where c.organisation_id = @organisation
        """;

    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<CanaryRow>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = Math.Min(PageSize.Of(size), 50);
        var rows = await database.ReadAsync(
            $"{Select} and (@after::uuid is null or c.id < @after) order by c.id desc limit @limit", Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        for (var i = 0; i < rows.Count; i++) rows[i] = await counts.WithAsync(rows[i]);
        return PageSize.Page(rows, limit, c => c.Id.ToString());
    }

    /// <summary>One canary.</summary>
    public async Task<Result<CanaryRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and c.id = @id", Row, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var row] ? await counts.WithAsync(row) : new Failure.NotFound("canary");
    }

    private static CanaryRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), Model = r.GetString(1), DeploymentId = r.GetGuid(2), Sticky = r.GetString(3),
        Steps = CanaryDetails.StepsOf(r.GetFieldValue<int[]>(4), r.GetFieldValue<int[]>(5)), MinRequests = r.GetInt32(6),
        Guards = new(r.Nullable<double>(7), r.Nullable<double>(8), r.Nullable<double>(9), r.Nullable<double>(10)), Status = r.GetString(11), Reason = r.Text(12),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(13), CreatedBy = r.GetString(14), EndedAt = r.Nullable<DateTimeOffset>(15), EndedBy = r.Text(16), Deployment = r.GetString(17),
    };
}
