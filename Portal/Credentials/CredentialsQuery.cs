using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Credentials;

/// <summary>Lists the organisation's credentials, without their secrets, and says which ones their providers refuse. For those who manage models.</summary>
public sealed class CredentialsQuery(NpgsqlDataSource database, TimeProvider clock)
{
    // Named one by one: the envelope stays in the database. A new secret has a clean slate.
    private const string Select = """
        select c.id, c.provider_id, c.name, c.hint, c.created_at, c.updated_at,
            array(select d.name from deployments d where d.organisation_id = c.organisation_id and (d.credential_id = c.id or c.id = any(d.more_credential_ids)) order by d.name),
            e.at, e.detail ->> 'deployment', e.detail ->> 'reason', (e.detail ->> 'until')::timestamptz
        from credentials c
        left join lateral (
            select at, detail from steering_events
            where subject_id = c.id and type = 'credential.refused' and at > c.updated_at and (detail ->> 'until')::timestamptz > @now order by at desc limit 1
        ) e on true
        """;

    /// <summary>A page, oldest first; of one provider or of all.</summary>
    public async Task<Result<Page<CredentialRow>>> RunAsync(
        Actor actor, Guid? providerId, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync($"""
            {Select}
            where c.organisation_id = @organisation and (@provider::uuid is null or c.provider_id = @provider) and (@after::uuid is null or c.id > @after)
            order by c.id limit @limit
            """, Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("provider", providerId), Sql.Id("after", from), Sql.Number("limit", take + 1), Sql.Time("now", clock.GetUtcNow()));
        return PageSize.Page(rows, take, c => c.Id.ToString());
    }

    private static CredentialRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ProviderId = r.GetGuid(1), Name = r.GetString(2), Hint = r.GetString(3), CreatedAt = r.GetFieldValue<DateTimeOffset>(4),
        UpdatedAt = r.GetFieldValue<DateTimeOffset>(5), Deployments = r.GetFieldValue<string[]>(6),
        Refused = r.IsDBNull(7) ? null : new(r.GetFieldValue<DateTimeOffset>(7), r.GetString(8), r.GetString(9), r.GetFieldValue<DateTimeOffset>(10)),
    };
}
