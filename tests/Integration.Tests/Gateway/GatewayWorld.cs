using System.Security.Cryptography;
using AspireGateway.Integration.Tests.State;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Simulator;
using Npgsql;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>
/// A small installation around real gateways: a database of its own, the simulator as provider, one organisation with a team, a key and two models.
/// <c>small</c> has one deployment; <c>chain</c> has that one behind a first one, which a test can script to fail.
/// </summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    /// <summary>What the provider must receive and nobody else may see.</summary>
    public const string ProviderSecret = "sk-canary-5f1d7c2e9b";

    /// <summary>Prices of both deployments, in nano-USD per million tokens.</summary>
    public static readonly PriceComponents Price = new() { Input = 150_000_000, CacheRead = 75_000_000, Output = 600_000_000 };

    private readonly List<GatewayProcess> gateways = [];
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("gateway-world-");

    private GatewayWorld(string database, SimulatorServer simulator)
    {
        Database = database;
        Simulator = simulator;
        Configuration = new ConfigurationWriter(database);
    }

    /// <summary>The connection string.</summary>
    public string Database { get; }

    /// <summary>The provider.</summary>
    public SimulatorServer Simulator { get; }

    /// <summary>Changes the configuration as the portal does.</summary>
    public ConfigurationWriter Configuration { get; }

    /// <summary>Base64 of the master key.</summary>
    public string MasterKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The organisation.</summary>
    public Guid Organisation { get; private set; }

    /// <summary>The team.</summary>
    public Guid Team { get; private set; }

    /// <summary>The key's id.</summary>
    public Guid KeyId { get; private set; }

    /// <summary>The key's secret.</summary>
    public string Key { get; } = VirtualKeySecret.Create();

    /// <summary>Sets it up in a fresh database.</summary>
    public static async Task<GatewayWorld> CreateAsync(string database)
    {
        var world = new GatewayWorld(database, await SimulatorServer.StartAsync());
        await world.SetUpAsync();
        return world;
    }

    /// <summary>Starts a gateway; the same name means the same folder for its journal and snapshot.</summary>
    public async Task<GatewayProcess> StartGatewayAsync(string name = "gateway", bool waitUntilReady = true, params string[] settings)
    {
        var gateway = await GatewayProcess.StartAsync(Database, Path.Combine(data.FullName, name), MasterKey, settings);
        gateways.Add(gateway);
        if (waitUntilReady)
        {
            await Eventually.HoldsAsync(
                async () => (await gateway.ReadyAsync()).GetProperty("checks").GetProperty("configuration").GetProperty("data").GetProperty("revision").GetInt64() > 0,
                TimeSpan.FromSeconds(30), "the gateway has the configuration");
        }
        return gateway;
    }

    /// <summary>All usage records, oldest first.</summary>
    public async Task<IReadOnlyList<RecordRow>> RecordsAsync()
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand(
            """
            select request_id, status, status_code, error, model, provider, deployment, served_model, input_tokens, cache_read_tokens, output_tokens, cost_nano_usd,
                   estimated, streamed, fallback_chain, feature, user_id, agent, tags::text, latency_us, ttft_us, key_id, guardrails_triggered
            from usage_records order by at, id
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<RecordRow>();
        while (await reader.ReadAsync())
        {
            string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
            rows.Add(new RecordRow(
                reader.GetString(0), reader.GetString(1), reader.GetInt32(2), Text(3), Text(4), Text(5), Text(6), Text(7), reader.GetInt64(8), reader.GetInt64(9),
                reader.GetInt64(10), reader.GetInt64(11), reader.GetBoolean(12), reader.GetBoolean(13), reader.GetFieldValue<string[]>(14), Text(15), Text(16), Text(17),
                Text(18), reader.GetInt64(19), reader.IsDBNull(20) ? null : reader.GetInt64(20), reader.GetGuid(21)) { Guardrails = reader.GetFieldValue<string[]>(22) });
        }
        return rows;
    }

    /// <summary>Waits for the one record of a request.</summary>
    public async Task<RecordRow> RecordAsync(string requestId)
    {
        IReadOnlyList<RecordRow> found = [];
        await Eventually.HoldsAsync(
            async () => (found = [.. (await RecordsAsync()).Where(r => r.RequestId == requestId)]).Count > 0, TimeSpan.FromSeconds(20), $"a record of {requestId}");
        return Assert.Single(found);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways) await gateway.DisposeAsync();
        await Simulator.DisposeAsync();
        await Configuration.DisposeAsync();
        data.Delete(recursive: true);
    }

    private async Task SetUpAsync()
    {
        Organisation = await Configuration.AddOrganisationAsync("acme", defaultModel: "small");
        Team = await Configuration.AddTeamAsync(Organisation, "blue");
        KeyId = await Configuration.AddKeyAsync(Organisation, Team, Key);
        var provider = await Configuration.AddProviderAsync(Organisation, "sim", new Uri(Simulator.BaseUrl, "v1").ToString());
        var credential = await Configuration.AddCredentialAsync(Organisation, provider);
        await Configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, credential, Organisation)],
            "update credentials set secret_envelope = $2 where id = $1", credential, new SecretBox(MasterKey).Seal(ProviderSecret, credential));
        // The simulator lives in the process of the tests, which others keep busy: who waits for time-outs makes them short, all others never meet one.
        await ChangeProviderAsync("is_private = true, first_byte_timeout_ms = 20000, idle_timeout_ms = 20000");
        var first = await Configuration.AddDeploymentAsync(Organisation, "sim-first", provider, "sim-large", credential);
        var second = await Configuration.AddDeploymentAsync(Organisation, "sim-second", provider, "sim-small", credential);
        var embed = await Configuration.AddDeploymentAsync(Organisation, "sim-embed", provider, "sim-embed", credential);
        foreach (var deployment in (Guid[])[first, second, embed])
            await Configuration.AddPriceAsync(Organisation, deployment, """{"input":150000000,"cache_read":75000000,"output":600000000}""", DateTimeOffset.UnixEpoch);
        await Configuration.AddModelAsync(Organisation, "small", [second], "gpt-4o-mini");
        await Configuration.AddModelAsync(Organisation, "chain", [first, second]);
        await Configuration.AddModelAsync(Organisation, "embed", [embed]);
        await Configuration.ExecuteAsync("select ensure_day_partitions(array[current_date - 1, current_date, current_date + 1])");
    }

    /// <summary>Changes the provider; <paramref name="set"/> is SQL of this test, never input.</summary>
    public async Task ChangeProviderAsync(string set)
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var find = source.CreateCommand("select id from providers where slug = 'sim'");
        var id = (Guid)(await find.ExecuteScalarAsync())!;
        await Configuration.WriteAsync([new(ConfigurationKinds.Provider, id, Organisation)], $"update providers set {set} where id = $1", id);
    }
}

/// <summary>A usage record as Postgres has it.</summary>
internal sealed record RecordRow(
    string RequestId, string Status, int StatusCode, string? Error, string? Model, string? Provider, string? Deployment, string? ServedModel, long InputTokens,
    long CacheReadTokens, long OutputTokens, long CostNanoUsd, bool Estimated, bool Streamed, string[] FallbackChain, string? Feature, string? UserId, string? Agent,
    string? Tags, long LatencyUs, long? TtftUs, Guid KeyId)
{
    /// <summary>Guardrails that found something.</summary>
    public string[] Guardrails { get; init; } = [];
}
