using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>Lists checks, newest first.</summary>
public sealed class GuardrailChecksQuery(NpgsqlDataSource database)
{
    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<GuardrailCheckDetails>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        var rows = await database.ReadAsync("""
            select id, name, kind, url, model, is_private, secret_envelope is not null, time_limit_ms, on_error, applies_to, max_characters, regions, created_at, created_by from guardrail_checks
            where organisation_id = @organisation and (@after::uuid is null or id < @after) order by id desc limit @limit
            """, r => new GuardrailCheckDetails
            {
                Id = r.GetGuid(0), Name = r.GetString(1), Kind = r.GetString(2), Url = r.GetString(3), Model = r.Text(4), IsPrivate = r.GetBoolean(5), HasSecret = r.GetBoolean(6),
                TimeLimitMs = r.GetInt32(7), OnError = r.GetString(8), AppliesTo = r.GetString(9), MaxCharacters = r.GetInt32(10), Regions = r.GetFieldValue<string[]>(11),
                CreatedAt = r.GetFieldValue<DateTimeOffset>(12), CreatedBy = r.GetString(13),
            }, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, c => c.Id.ToString());
    }
}
