using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Content.Holds;

/// <summary>Lists legal holds, newest first, those that were released among them. For those who see guardrails.</summary>
public sealed class HoldsQuery(NpgsqlDataSource database)
{
    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<ContentHoldDetails>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        var rows = await database.ReadAsync("""
            select h.id, h.scope_kind, h.scope_id, h.reason, h.created_at, h.created_by, h.released_at, h.released_by, t.name
            from content_holds h left join teams t on h.scope_kind = 'team' and t.id::text = h.scope_id and t.organisation_id = h.organisation_id
            where h.organisation_id = @organisation and (@after::uuid is null or h.id < @after) order by h.id desc limit @limit
            """, r => new ContentHoldDetails
            {
                Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Reason = r.GetString(3), CreatedAt = r.GetFieldValue<DateTimeOffset>(4), CreatedBy = r.GetString(5),
                ReleasedAt = r.Nullable<DateTimeOffset>(6), ReleasedBy = r.Text(7), ScopeName = r.Text(8),
            }, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, h => h.Id.ToString());
    }
}
