using System.Text.Json;
using AspireGateway.Gateway.State.Steering;
using Npgsql;

namespace AspireGateway.Gateway.State;

/// <summary>Reads the catalogs of organisations from Postgres, all tables in one round trip.</summary>
internal static class CatalogReader
{
    // Each takes the organisations' ids and yields the organisation's id first.
    private static readonly string[] Queries =
    [
        "select id, slug, time_zone, default_model, store_policy, books_rewritten from organisations where id = any($1) order by id",
        """
        select organisation_id, id, slug, allowed_models, default_model, archived_at is not null, approval_threshold_nano_usd, approval_action, approval_model,
            allowed_regions, guardrail_level
        from teams where organisation_id = any($1) order by id
        """,
        """
        select organisation_id, id, slug, protocol, base_url, is_private, connect_timeout_ms, first_byte_timeout_ms, idle_timeout_ms
        from providers where organisation_id = any($1) order by id
        """,
        "select organisation_id, id, provider_id, secret_envelope from credentials where organisation_id = any($1) order by id",
        """
        select organisation_id, id, name, provider_id, credential_id, upstream_model, region, context_tokens, max_output_tokens, is_enabled, created_at, abilities, breaker::text,
            more_credential_ids
        from deployments where organisation_id = any($1) order by created_at, id
        """,
        """
        select organisation_id, id, deployment_id, valid_from, components::text
        from price_versions where organisation_id = any($1) order by valid_from desc, created_at desc, id desc
        """,
        """
        select m.organisation_id, m.id, m.name, m.strategy, m.created_at,
            array(select a.name from model_aliases a where a.model_id = m.id and a.organisation_id = m.organisation_id order by a.name),
            array(select d.deployment_id from model_deployments d where d.model_id = m.id order by d.position, d.deployment_id),
            array(select d.weight from model_deployments d where d.model_id = m.id order by d.position, d.deployment_id),
            m.reliability::text, m.cascade::text
        from models m where m.organisation_id = any($1) order by m.name, m.id
        """,
        Routing.Rules.RuleRow.Query,
        Routing.Rules.TaskRow.Query,
        SteeringRows.Query,
        Routing.Quality.QualityRows.Query,
    ];

    /// <summary>The catalogs of those of the organisations that exist.</summary>
    public static async Task<Dictionary<Guid, OrganisationCatalog>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> organisations, CancellationToken cancellationToken)
    {
        if (organisations.Count == 0) return [];
        await using var batch = new NpgsqlBatch(connection);
        foreach (var query in Queries)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. organisations] } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);

        var heads = await RowsAsync(reader, r => new OrganisationRow(r.GetGuid(0), r.GetString(1), r.GetString(2), Text(r, 3), r.GetString(4), r.GetInt64(5)), cancellationToken);
        var teams = await NextAsync(
            reader,
            r => new TeamRow(
                r.GetGuid(1), r.GetString(2), r.GetFieldValue<string[]>(3), Text(r, 4), r.GetBoolean(5), r.IsDBNull(6) ? null : r.GetInt64(6), Text(r, 7), Text(r, 8),
                r.GetFieldValue<string[]>(9), Text(r, 10)),
            cancellationToken);
        var providers = await NextAsync(
            reader,
            r => new ProviderRow(r.GetGuid(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetBoolean(5), r.GetInt32(6), r.GetInt32(7), r.GetInt32(8)),
            cancellationToken);
        var credentials = await NextAsync(reader, r => new CredentialRow(r.GetGuid(1), r.GetGuid(2), r.GetFieldValue<byte[]>(3)), cancellationToken);
        var deployments = await NextAsync(
            reader,
            r => new DeploymentRow(
                r.GetGuid(1), r.GetString(2), r.GetGuid(3), r.IsDBNull(4) ? null : r.GetGuid(4), r.GetString(5), Text(r, 6),
                r.IsDBNull(7) ? null : r.GetInt32(7), r.IsDBNull(8) ? null : r.GetInt32(8), r.GetBoolean(9), r.GetFieldValue<DateTimeOffset>(10),
                r.IsDBNull(11) ? null : r.GetFieldValue<string[]>(11), Text(r, 12), r.GetFieldValue<Guid[]>(13)),
            cancellationToken);
        var prices = await NextAsync(reader, r => new PriceRow(r.GetGuid(1), r.GetGuid(2), r.GetFieldValue<DateTimeOffset>(3), r.GetString(4)), cancellationToken);
        var models = await NextAsync(
            reader,
            r => new ModelRow(
                r.GetGuid(1), r.GetString(2), r.GetString(3), r.GetFieldValue<DateTimeOffset>(4), r.GetFieldValue<string[]>(5), r.GetFieldValue<Guid[]>(6),
                r.GetFieldValue<int[]>(7), Text(r, 8), Text(r, 9)),
            cancellationToken);
        var rules = await NextAsync(reader, r => new Routing.Rules.RuleRow(r.GetGuid(1), r.GetString(2), r.GetString(3), r.GetString(4)), cancellationToken);
        var tasks = await NextAsync(
            reader, r => new Routing.Rules.TaskRow(r.GetGuid(1), r.GetString(2), r.GetFieldValue<string[]>(3), r.GetFieldValue<string[]>(4)), cancellationToken);
        var steering = await NextAsync(reader, r => JsonSerializer.Deserialize(r.GetString(1), SteeringJson.Default.SteeringRows), cancellationToken);
        var quality = await NextAsync(reader, r => JsonSerializer.Deserialize(r.GetString(1), Routing.Quality.QualityJson.Default.QualityRows), cancellationToken);

        return heads.ToDictionary(head => head.Key, head => new OrganisationCatalog(
            head.First(), [.. teams[head.Key]], [.. providers[head.Key]], [.. credentials[head.Key]], [.. deployments[head.Key]], [.. prices[head.Key]],
            [.. models[head.Key]], [.. rules[head.Key]], [.. tasks[head.Key]], steering[head.Key].FirstOrDefault(), quality[head.Key].FirstOrDefault()));
    }

    private static async Task<ILookup<Guid, TRow>> NextAsync<TRow>(NpgsqlDataReader reader, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        return await RowsAsync(reader, read, cancellationToken);
    }

    private static async Task<ILookup<Guid, TRow>> RowsAsync<TRow>(NpgsqlDataReader reader, Func<NpgsqlDataReader, TRow> read, CancellationToken cancellationToken)
    {
        var rows = new List<(Guid Organisation, TRow Row)>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add((reader.GetGuid(0), read(reader)));
        return rows.ToLookup(row => row.Organisation, row => row.Row);
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
