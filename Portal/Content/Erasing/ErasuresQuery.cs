using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Content.Erasing;

/// <summary>Lists erasures with how far they are, newest first. For those who see guardrails.</summary>
public sealed class ErasuresQuery(NpgsqlDataSource database)
{
    private const string Select = "select id, user_id, reason, created_at, created_by, rows_found, rows_removed, finished_at from content_erasures where organisation_id = @organisation";

    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<ContentErasureDetails>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        var rows = await database.ReadAsync($"{Select} and (@after::uuid is null or id < @after) order by id desc limit @limit", Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, e => e.Id.ToString());
    }

    /// <summary>One of them.</summary>
    public async Task<Result<ContentErasureDetails>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and id = @id", Row, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var one] ? one : new Failure.NotFound("erasure");
    }

    private static ContentErasureDetails Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), UserId = r.GetString(1), Reason = r.GetString(2), CreatedAt = r.GetFieldValue<DateTimeOffset>(3), CreatedBy = r.GetString(4), RowsFound = r.GetInt64(5), RowsRemoved = r.GetInt64(6),
        FinishedAt = r.Nullable<DateTimeOffset>(7),
    };
}
