using System.Globalization;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using Npgsql;
using StackExchange.Redis;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A world whose gateways share a Redis of their own, with limits and budgets set as the portal sets them.</summary>
internal sealed class SpendingWorld : IAsyncDisposable
{
    /// <summary>For gateways in tests of what is counted, not of how soon: the machine may be slow.</summary>
    public const string Patient = "Gateway__Ledger__TimeoutMs=5000";

    /// <summary>Does not wait long for the journals of the dead.</summary>
    public const string ShortlyAwaited = "Gateway__Ledger__BooksDueMs=5000";

    private readonly RedisServer redis;
    private ConnectionMultiplexer? connection;
    private NpgsqlDataSource? books;

    private SpendingWorld(GatewayWorld world, RedisServer redis)
    {
        World = world;
        this.redis = redis;
    }

    /// <summary>The installation.</summary>
    public GatewayWorld World { get; }

    /// <summary>Its Redis.</summary>
    public RedisServer Redis => redis;

    /// <summary>The ledger's keys.</summary>
    public LedgerKeys Keys => LedgerKeys.Of(World.Organisation);

    /// <summary>Sets it up in a fresh database, with a fresh Redis.</summary>
    public static async Task<SpendingWorld> CreateAsync(string database, string maxmemoryPolicy = "noeviction")
    {
        var server = await RedisServer.StartPrivateAsync(maxmemoryPolicy);
        return new SpendingWorld(await GatewayWorld.CreateAsync(database), server);
    }

    /// <summary>Starts a gateway.</summary>
    public Task<GatewayProcess> StartGatewayAsync(string name = "gateway", params string[] settings) =>
        World.StartGatewayAsync(name, waitUntilReady: true, [$"ConnectionStrings__cache={redis.ConnectionString}", .. settings]);

    /// <summary>Sets a limit and waits for nothing: gateways know it within a second.</summary>
    public async Task<Guid> LimitAsync(
        string scopeKind, string? scopeId, string unit, long amount, string? period = null, string onLimit = LimitActions.Reject, long? burst = null,
        int? queueMs = null, string? downgradeModel = null)
    {
        var id = Guid.CreateVersion7();
        var organisation = scopeKind == ScopeKinds.Global ? Guid.Empty : World.Organisation;
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Limit, id, organisation)],
            """
            insert into limits (id, organisation_id, scope_kind, scope_id, unit, amount, period, burst, on_limit, queue_ms, downgrade_model, created_at, created_by)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), 'test')
            """,
            id, organisation, scopeKind, scopeId, unit, amount, period, burst, onLimit, queueMs, downgradeModel);
        return id;
    }

    /// <summary>Sets a budget that counts at once, as one that was made a while ago.</summary>
    public async Task<Guid> BudgetAsync(
        string scopeKind, string? scopeId, string period, long capNanoUsd, string onExceeded = BudgetActions.Reject, string? downgradeModel = null,
        DateTimeOffset? createdAt = null)
    {
        var id = Guid.CreateVersion7();
        var organisation = scopeKind == ScopeKinds.Global ? Guid.Empty : World.Organisation;
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Budget, id, organisation)],
            """
            insert into budgets (id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, downgrade_model, thresholds, created_at, created_by)
            values ($1, $2, $3, $4, $5, $6, $7, $8, '{50,80,100}', $9, 'test')
            """,
            id, organisation, scopeKind, scopeId, period, capNanoUsd, onExceeded, downgradeModel, createdAt ?? DateTimeOffset.UtcNow.AddMinutes(-1));
        return id;
    }

    /// <summary>Stops a scope.</summary>
    public async Task<Guid> StopAsync(string scopeKind, string? scopeId, string reason)
    {
        var id = Guid.CreateVersion7();
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.KillSwitch, id, World.Organisation)],
            "insert into kill_switches (id, organisation_id, scope_kind, scope_id, reason, created_at, created_by) values ($1, $2, $3, $4, $5, now(), 'test')",
            id, World.Organisation, scopeKind, scopeId, reason);
        return id;
    }

    /// <summary>Issues one more key of the world's team.</summary>
    /// <param name="set">What differs from the usual, as SQL of this test, never input.</param>
    public async Task<(Guid Id, string Secret)> AddKeyAsync(string? set = null)
    {
        var secret = VirtualKeySecret.Create();
        var id = await World.Configuration.AddKeyAsync(World.Organisation, World.Team, secret);
        if (set is not null) await ChangeKeyAsync(set, id);
        return (id, secret);
    }

    /// <summary>Waits until gateways run under everything that was configured so far.</summary>
    public async Task AppliedAsync(params GatewayProcess[] gateways)
    {
        await using var source = NpgsqlDataSource.Create(World.Database);
        await using var command = source.CreateCommand("select revision from configuration_state");
        var revision = (long)(await command.ExecuteScalarAsync())!;
        foreach (var gateway in gateways)
            await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway runs under the new configuration");
    }

    /// <summary>Waits until the organisation's ledger is open; it must have a limit or budget. A request waits for it itself, but no longer than two seconds.</summary>
    /// <param name="isWide">Whether the installation's is meant.</param>
    public Task OpenedAsync(bool isWide = false) => Eventually.HoldsAsync(
        async () => (long)await CommandAsync("HEXISTS", (isWide ? LedgerKeys.Of(Guid.Empty) : Keys).Meters, "e") == 1, TimeSpan.FromSeconds(30), "the ledger is open");

    /// <summary>How many requests hold something.</summary>
    public async Task<long> HoldsAsync() => (long)await CommandAsync("HLEN", Keys.Holds);

    /// <summary>Waits until so many requests hold something.</summary>
    public Task HoldsAsync(long count) => Eventually.HoldsAsync(async () => await HoldsAsync() == count, TimeSpan.FromSeconds(30), $"{count} requests hold something");

    /// <summary>Settled and held of a budget, all its windows and scopes together.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="isWide">Whether it is the installation's.</param>
    public async Task<(long Settled, long Held)> ReadAsync(Guid budget, bool isWide = false)
    {
        connection ??= await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",abortConnect=false");
        var (settled, held) = (0L, 0L);
        var prefix = LedgerFields.PrefixOfBudget(budget);
        foreach (var entry in await connection.GetDatabase().HashGetAllAsync((isWide ? LedgerKeys.Of(Guid.Empty) : Keys).Meters))
        {
            if (!((string)entry.Name!).StartsWith(prefix, StringComparison.Ordinal)) continue;
            var (s, h) = LedgerHold.ReadBudget((byte[])entry.Value!);
            settled += s;
            held += h;
        }
        return (settled, held);
    }

    /// <summary>Runs a command on Redis, as an operator would.</summary>
    public async Task<RedisResult> CommandAsync(string command, params object[] arguments)
    {
        connection ??= await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",abortConnect=false");
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    /// <summary>Every meter of the organisation with its bytes in hex, in the order of their names.</summary>
    public async Task<string> MetersAsync()
    {
        connection ??= await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",abortConnect=false");
        var entries = await connection.GetDatabase().HashGetAllAsync(Keys.Meters);
        return string.Join('\n', entries.Select(entry => $"{entry.Name} {Convert.ToHexString((byte[])entry.Value!)}").Order(StringComparer.Ordinal));
    }

    /// <summary>Changes the organisation; <paramref name="set"/> is SQL of this test, never input.</summary>
    public Task<long> ChangeOrganisationAsync(string set) => World.Configuration.WriteAsync(
        [new(ConfigurationKinds.Organisation, World.Organisation, World.Organisation)], $"update organisations set {set} where id = $1", World.Organisation);

    /// <summary>Changes the team, likewise.</summary>
    public Task<long> ChangeTeamAsync(string set) => World.Configuration.WriteAsync(
        [new(ConfigurationKinds.Team, World.Team, World.Organisation)], $"update teams set {set} where id = $1", World.Team);

    /// <summary>Changes a key, likewise; the world's own unless another is given.</summary>
    public Task<long> ChangeKeyAsync(string set, Guid? key = null) => World.Configuration.WriteAsync(
        [new(ConfigurationKinds.VirtualKey, key ?? World.KeyId, World.Organisation)], $"update virtual_keys set {set} where id = $1", key ?? World.KeyId);

    /// <summary>What all records cost together, in nano-USD.</summary>
    public async Task<long> RecordedAsync()
    {
        books ??= NpgsqlDataSource.Create(World.Database);
        await using var command = books.CreateCommand("select coalesce(sum(cost_nano_usd), 0)::bigint from usage_records");
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until nothing is held, every journal is copied, and what is settled is what the records say.</summary>
    public async Task<TimeSpan> SettledAsync(Guid budget, TimeSpan within, bool isWide = false)
    {
        var last = "";
        return await Eventually.HoldsAsync(
            async () =>
            {
                var ((settled, held), recorded) = (await ReadAsync(budget, isWide), await RecordedAsync());
                last = $"settled {settled}, recorded {recorded}, held {held}";
                return held == 0 && settled == recorded;
            },
            within, () => $"held is 0 and settled equals the records ({(isWide ? "across organisations" : "in the organisation")}: {last})");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        connection?.Dispose();
        if (books is not null) await books.DisposeAsync();
        await World.DisposeAsync();
        await redis.DisposeAsync();
    }
}
