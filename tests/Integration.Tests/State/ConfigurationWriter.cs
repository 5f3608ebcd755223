using System.Globalization;
using AspireGateway.Shared.Domain;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Integration.Tests.State;

/// <summary>Writes configuration as the portal does: rows, what was touched, and the new revision, in one transaction.</summary>
internal sealed class ConfigurationWriter(string connectionString) : IAsyncDisposable
{
    // Unpooled: tests stop servers and end connections, which a pool would notice only when it hands out a dead one.
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });

    /// <summary>A thing that a change touched.</summary>
    public readonly record struct Touched(string Kind, Guid Id, Guid Organisation);

    /// <summary>Runs one statement and announces what it touched.</summary>
    /// <returns>The new revision.</returns>
    public async Task<long> WriteAsync(IReadOnlyList<Touched> touched, string sql, params object?[] arguments)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = Command(connection, sql, arguments)) await command.ExecuteNonQueryAsync();
        await using var announce = new NpgsqlCommand(
            """
            with next as (update configuration_state set revision = revision + 1 returning revision),
            changes as (
                insert into configuration_changes (revision, kind, entity_id, organisation_id, at)
                select next.revision, t.kind, t.id, t.organisation, clock_timestamp() from next, unnest($1, $2, $3) as t (kind, id, organisation)
                on conflict do nothing)
            select revision from next
            """,
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. touched.Select(t => t.Kind)] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. touched.Select(t => t.Id)] },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. touched.Select(t => t.Organisation)] },
            },
        };
        var revision = (long)(await announce.ExecuteScalarAsync())!;
        await transaction.CommitAsync();
        return revision;
    }

    /// <summary>Runs a statement that announces nothing.</summary>
    public async Task ExecuteAsync(string sql, params object?[] arguments)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Command(connection, sql, arguments);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The ids that a query yields.</summary>
    public async Task<Guid[]> IdsAsync(string sql, params object?[] arguments)
    {
        var ids = new List<Guid>();
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Command(connection, sql, arguments);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) ids.Add(reader.GetGuid(0));
        return [.. ids];
    }

    public async Task<Guid> AddOrganisationAsync(string slug, string? defaultModel = null)
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.Organisation, id, id)],
            "insert into organisations (id, slug, name, time_zone, default_model, created_at) values ($1, $2, $2, 'Europe/Berlin', $3, now())", id, slug, defaultModel);
        return id;
    }

    public async Task<Guid> AddTeamAsync(Guid organisation, string slug, params string[] allowedModels)
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.Team, id, organisation)],
            "insert into teams (id, organisation_id, slug, name, allowed_models, created_at) values ($1, $2, $3, $3, $4, now())", id, organisation, slug, allowedModels);
        return id;
    }

    public async Task<Guid> AddProviderAsync(Guid organisation, string slug, string baseUrl = "https://api.example.com/v1", string protocol = "openai")
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.Provider, id, organisation)],
            """
            insert into providers (id, organisation_id, slug, name, protocol, base_url, is_private, connect_timeout_ms, first_byte_timeout_ms, idle_timeout_ms, created_at)
            values ($1, $2, $3, $3, $4, $5, false, 5000, 300000, 60000, now())
            """,
            id, organisation, slug, protocol, baseUrl);
        return id;
    }

    public async Task<Guid> AddCredentialAsync(Guid organisation, Guid provider, string name = "main")
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.Credential, id, organisation)],
            """
            insert into credentials (id, organisation_id, provider_id, name, secret_envelope, hint, created_at, updated_at)
            values ($1, $2, $3, $4, $5, 'abcd', now(), now())
            """,
            id, organisation, provider, name, id.ToByteArray());
        return id;
    }

    public async Task<Guid> AddDeploymentAsync(Guid organisation, string name, Guid provider, string upstreamModel, Guid? credential = null)
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.Deployment, id, organisation)],
            """
            insert into deployments (id, organisation_id, name, provider_id, credential_id, upstream_model, region, context_tokens, max_output_tokens, is_enabled, created_at, abilities)
            values ($1, $2, $3, $4, $5, $6, 'eu', 128000, 16000, true, clock_timestamp(), '{vision,tools}')
            """,
            id, organisation, name, provider, credential, upstreamModel);
        return id;
    }

    public async Task<Guid> AddPriceAsync(Guid organisation, Guid deployment, string components, DateTimeOffset? validFrom = null)
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.Price, id, organisation)],
            """
            insert into price_versions (id, organisation_id, deployment_id, valid_from, components, created_by, created_at)
            values ($1, $2, $3, coalesce($4, now()), $5::jsonb, 'test', now())
            """,
            id, organisation, deployment, validFrom, components);
        return id;
    }

    public async Task<Guid> AddModelAsync(Guid organisation, string name, IReadOnlyList<Guid> deployments, params string[] aliases)
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.Model, id, organisation)],
            """
            with model as (
                insert into models (id, organisation_id, name, description, strategy, created_at) values ($1, $2, $3, '', 'priority', now()) returning id),
            aliases as (
                insert into model_aliases (organisation_id, name, model_id) select $2, unnest($4::text[]), model.id from model)
            insert into model_deployments (model_id, deployment_id, position, weight)
            select model.id, d.id, d.position, 1 from model, unnest($5::uuid[]) with ordinality as d (id, position)
            """,
            id, organisation, name, aliases, deployments.ToArray());
        return id;
    }

    /// <summary>Issues a key whose secret is its name.</summary>
    public async Task<Guid> AddKeyAsync(Guid organisation, Guid team, string secret, params string[] allowedModels)
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(
            [new(ConfigurationKinds.VirtualKey, id, organisation)],
            """
            insert into virtual_keys (id, organisation_id, team_id, name, prefix, secret_hash, allowed_models, created_at, created_by)
            values ($1, $2, $3, $4, left($4, 10), sha256(convert_to($4, 'UTF8')), $5, now(), 'test')
            """,
            id, organisation, team, secret, allowedModels);
        return id;
    }

    public Task<long> RevokeKeyAsync(Guid organisation, Guid key) =>
        WriteAsync([new(ConfigurationKinds.VirtualKey, key, organisation)], "update virtual_keys set revoked_at = now() where id = $1", key);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] arguments)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
            command.Parameters.Add(argument switch
            {
                null => new NpgsqlParameter { Value = DBNull.Value },
                DateTimeOffset moment => new NpgsqlParameter { Value = moment.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
                IConvertible or Guid or Array => new NpgsqlParameter { Value = argument },
                _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"no parameter type for {argument.GetType()}"), nameof(arguments)),
            });
        return command;
    }
}
