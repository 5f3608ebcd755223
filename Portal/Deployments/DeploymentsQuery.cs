using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Deployments;

/// <summary>Lists deployments with the price that holds now.</summary>
public sealed class DeploymentsQuery(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Select = """
        select d.id, d.name, d.provider_id, d.credential_id, d.upstream_model, d.region, d.context_tokens, d.max_output_tokens, d.is_enabled, d.created_at,
            p.slug, p.name, c.name,
            array(select m.name from model_deployments md join models m on m.id = md.model_id where md.deployment_id = d.id order by m.name),
            v.id, v.valid_from, v.components::text, v.created_by, v.created_at, v.source, d.abilities,
            array_remove(d.credential_id || d.more_credential_ids, null),
            array(select k.name from unnest(d.credential_id || d.more_credential_ids) with ordinality as u (id, place) join credentials k on k.id = u.id order by u.place)
        from deployments d
        join providers p on p.id = d.provider_id
        left join credentials c on c.id = d.credential_id
        left join lateral (
            select * from price_versions where deployment_id = d.id and valid_from <= @now order by valid_from desc, id desc limit 1
        ) v on true
        """;

    /// <summary>A page, oldest first; of one provider or of all.</summary>
    public async Task<Result<Page<DeploymentRow>>> RunAsync(Actor actor, Guid? providerId, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync($"""
            {Select}
            where d.organisation_id = @organisation and (@provider::uuid is null or d.provider_id = @provider) and (@after::uuid is null or d.id > @after)
            order by d.id limit @limit
            """, Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("provider", providerId), Sql.Id("after", from), Sql.Number("limit", take + 1),
            Sql.Time("now", clock.GetUtcNow()));
        return PageSize.Page(rows, take, d => d.Id.ToString());
    }

    /// <summary>One deployment.</summary>
    public async Task<Result<DeploymentRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var rows = await database.ReadAsync(
            $"{Select} where d.organisation_id = @organisation and d.id = @id", Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id), Sql.Time("now", clock.GetUtcNow()));
        return rows is [var row] ? row : new Failure.NotFound("deployment");
    }

    private static DeploymentRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), Name = r.GetString(1), ProviderId = r.GetGuid(2), CredentialId = r.Nullable<Guid>(3), UpstreamModel = r.GetString(4),
        Region = r.Text(5), ContextTokens = r.Nullable<int>(6), MaxOutputTokens = r.Nullable<int>(7), IsEnabled = r.GetBoolean(8),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(9), ProviderSlug = r.GetString(10), ProviderName = r.GetString(11), CredentialName = r.Text(12),
        Models = r.GetFieldValue<string[]>(13), Abilities = r.IsDBNull(20) ? null : r.GetFieldValue<string[]>(20), CredentialIds = r.GetFieldValue<Guid[]>(21),
        CredentialNames = r.GetFieldValue<string[]>(22),
        Price = r.IsDBNull(14) ? null : new PriceDetails
        {
            Id = r.GetGuid(14), DeploymentId = r.GetGuid(0), ValidFrom = r.GetFieldValue<DateTimeOffset>(15),
            Components = JsonSerializer.Deserialize(r.GetString(16), DataJson.Default.PriceComponents)!,
            CreatedBy = r.GetString(17), CreatedAt = r.GetFieldValue<DateTimeOffset>(18), Source = r.GetString(19),
        },
    };
}
