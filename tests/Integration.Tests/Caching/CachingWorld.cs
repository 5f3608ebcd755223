using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using AspireGateway.Shared.Ledger;
using Npgsql;
using StackExchange.Redis;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>An installation whose gateway keeps replies, with a Redis that a test may stop.</summary>
internal sealed class CachingWorld : IAsyncDisposable
{
    private CachingWorld(GatewayWorld world, RedisServer redis, GatewayProcess gateway) => (World, Redis, Gateway) = (world, redis, gateway);

    /// <summary>The installation.</summary>
    public GatewayWorld World { get; }

    /// <summary>Where entries and the ledger are.</summary>
    public RedisServer Redis { get; }

    /// <summary>Waits until the organisation's ledger is open, which its first budget or limit brings about. A request waits for it itself, but no longer than two seconds.</summary>
    public async Task OpenedAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString);
        await Eventually.HoldsAsync(
            async () => await redis.GetDatabase().HashExistsAsync(LedgerKeys.Of(World.Organisation).Meters, "e"), TimeSpan.FromSeconds(30), "the ledger is open");
    }

    /// <summary>The gateway.</summary>
    public GatewayProcess Gateway { get; }

    /// <summary>Starts it in a fresh database.</summary>
    public static async Task<CachingWorld> StartAsync(string database, string[]? redisSettings = null, params string[] settings)
    {
        var world = await GatewayWorld.CreateAsync(database);
        var redis = await RedisServer.StartPrivateAsync("noeviction", redisSettings ?? []);
        return new(world, redis, await StartGatewayAsync(world, redis, "gateway", settings));
    }

    /// <summary>Another gateway of the same installation.</summary>
    public Task<GatewayProcess> StartAnotherAsync(string name) => StartGatewayAsync(World, Redis, name, []);

    /// <summary>A new key with a policy of its own.</summary>
    public async Task<string> KeyAsync(CacheSettings settings, Guid? team = null, Guid? organisation = null, string? prompt = null)
    {
        var secret = VirtualKeySecret.Create();
        var owner = organisation ?? World.Organisation;
        var id = await World.Configuration.AddKeyAsync(owner, team ?? World.Team, secret);
        await SetAsync(CachePolicyScopes.Key, id.ToString(), settings, owner);
        await KnownAsync(secret, prompt ?? "is the policy known?");
        return secret;
    }

    /// <summary>Sets a policy.</summary>
    public Task<long> SetAsync(string kind, string? scope, CacheSettings settings, Guid? organisation = null)
    {
        var (policy, owner) = (Guid.CreateVersion7(), organisation ?? World.Organisation);
        return World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Cache, policy, owner)],
            """
            insert into cache_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, $3, $4, $5::jsonb, now(), 'test')
            on conflict (organisation_id, scope_kind, scope_id) do update set settings = excluded.settings
            """,
            policy, owner, kind, scope, JsonSerializer.Serialize(settings, DataJson.Default.CacheSettings));
    }

    /// <summary>Waits until a key's policy is known: a request that may be kept says so.</summary>
    public Task KnownAsync(string key, string prompt) => Eventually.HoldsAsync(
        async () =>
        {
            using var response = await PostAsync(key, "/v1/chat/completions", Body(prompt), ("x-gateway-user", "somebody"));
            return response.IsSuccessStatusCode && response.Headers.Contains("x-gateway-cache");
        },
        TimeSpan.FromSeconds(20), "the gateway knows the policy");

    /// <summary>Posts a body and reads the reply to its end.</summary>
    public Task<HttpResponseMessage> PostAsync(string key, string path, string body, params (string Name, string Value)[] headers) => PostAsync(Gateway, key, path, body, headers);

    /// <summary>The same at another gateway.</summary>
    public static async Task<HttpResponseMessage> PostAsync(GatewayProcess gateway, string key, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (path == "/v1/messages") request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await gateway.Http.SendAsync(request);
    }

    /// <summary>A chat request.</summary>
    public static string Body(string text, string more = "", string model = "small") => $$"""{"model":"{{model}}","max_tokens":200,"messages":[{"role":"user","content":"{{text}}"}]{{more}}}""";

    /// <summary>What the cache says that it did; null = nothing.</summary>
    public static string? CacheOf(HttpResponseMessage response) => response.Headers.TryGetValues("x-gateway-cache", out var values) ? Assert.Single(values) : null;

    /// <summary>How often the simulator was asked so far for something that holds this text.</summary>
    public int AskedFor(string text) => World.Simulator.Requests.Count(request => request.Body is { } body && Encoding.UTF8.GetString(body).Contains(text, StringComparison.Ordinal));

    /// <summary>A count of the gateway's metrics; 0 = it is not there.</summary>
    public async Task<double> MetricAsync(string line)
    {
        var found = (await Gateway.Http.GetStringAsync("/metrics")).Split('\n').FirstOrDefault(l => l.StartsWith(line + " ", StringComparison.Ordinal));
        return found is null ? 0 : double.Parse(found[(line.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What the books say of an answer's cache.</summary>
    public async Task<(string? Hit, long? SavedNanoUsd, long? SavedUs)> SavedAsync(string requestId)
    {
        await World.RecordAsync(requestId);
        await using var source = NpgsqlDataSource.Create(World.Database);
        await using var command = source.CreateCommand("select cache_hit, saved_nano_usd, saved_us from usage_records where request_id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = requestId });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.IsDBNull(0) ? null : reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private static Task<GatewayProcess> StartGatewayAsync(GatewayWorld world, RedisServer redis, string name, string[] settings) => world.StartGatewayAsync(
        name, waitUntilReady: true,
        ["ConnectionStrings__cache=" + redis.ConnectionString, "Gateway__Reliability__Retries=0", "Gateway__Reliability__BreakerFailures=0", "Gateway__Reliability__BreakerFailurePercent=0",
            // The machine may be slow; a time-out is a miss.
            "Gateway__Cache__TimeoutMs=1000", "Gateway__Cache__EmbedderMs=20000", Spending.SpendingWorld.Patient, .. settings]);
}
