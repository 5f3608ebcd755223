using System.Collections.Concurrent;
using System.Net;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>What a gateway owes when it, or its database, dies: every answered request has exactly one record, and known keys go on.</summary>
public sealed class SurvivalTests(StoresFixture stores)
{
    private const string Body = """{"model":"small","messages":[{"role":"user","content":"Hello"}]}""";
    private const string Streamed = """{"model":"small","stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task KilledUnderLoad_EveryAnsweredRequestHasExactlyOneRecord()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var answered = new ConcurrentBag<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var gateway = await world.StartGatewayAsync();
            var before = answered.Count;
            using var stop = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 16).Select(caller => CallUntilDeadAsync(gateway, world.Key, $"r{round}-c{caller}", answered, stop.Token)).ToArray();
            await Eventually.HoldsAsync(() => answered.Count - before > 200, TimeSpan.FromSeconds(60), "load is on");
            await gateway.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(callers);
        }

        await using var last = await world.StartGatewayAsync();
        var expected = answered.ToHashSet();
        IReadOnlyList<RecordRow> records = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                records = await world.RecordsAsync();
                return expected.IsSubsetOf(records.Select(r => r.RequestId)) && await last.MetricAsync("llm_journal_depth") == 0;
            },
            TimeSpan.FromSeconds(60), "all answered requests are recorded");
        Assert.Equal(records.Count, records.Select(r => r.RequestId).Distinct().Count());
        Assert.All(records.Where(r => expected.Contains(r.RequestId)), r => Assert.Contains(r.Status, (string[])["ok", "orphaned"]));
    }

    [Fact]
    public async Task PostgresGone_KnownKeysAreServedAndNoRecordIsLost()
    {
        await using var postgres = await PostgresServer.StartPrivateAsync();
        await using var world = await GatewayWorld.CreateAsync(await postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync();
        await postgres.StopAsync();

        for (var i = 0; i < 50; i++)
        {
            using var response = await gateway.ChatAsync(world.Key, Body, $"down-{i}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        Assert.True(await gateway.MetricAsync("llm_journal_depth") >= 50);
        await Eventually.HoldsAsync(
            async () => (await gateway.ReadyAsync()).GetProperty("status").GetString() == "degraded", TimeSpan.FromSeconds(30), "readiness says that a store is gone");
        // This process has read the store before, so it knows that the key does not exist.
        using var unknown = await gateway.ChatAsync(Shared.Domain.VirtualKeySecret.Create(), Body);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);

        await postgres.StartAsync();
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("llm_journal_depth") == 0, TimeSpan.FromSeconds(30), "the journal is copied");
        var ids = (await world.RecordsAsync()).Select(r => r.RequestId).Where(id => id.StartsWith("down-", StringComparison.Ordinal)).ToList();
        Assert.Equal(50, ids.Count);
        Assert.Equal(50, ids.Distinct().Count());
    }

    [Fact]
    public async Task StartedWithoutPostgres_ServesTheLastGoodSnapshot_AndSays503ForUnknownKeys()
    {
        await using var postgres = await PostgresServer.StartPrivateAsync();
        await using var world = await GatewayWorld.CreateAsync(await postgres.CreateDatabaseAsync());
        await using (var first = await world.StartGatewayAsync())
        {
            using var served = await first.ChatAsync(world.Key, Body);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            await first.StopAsync();
        }
        await postgres.StopAsync();

        await using var gateway = await world.StartGatewayAsync();
        using var known = await gateway.ChatAsync(world.Key, Body);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal("disk", (await gateway.ReadyAsync()).GetProperty("checks").GetProperty("configuration").GetProperty("data").GetProperty("source").GetString());
        var stranger = Shared.Domain.VirtualKeySecret.Create();
        using (var unknown = await gateway.ChatAsync(stranger, Body)) Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);

        await postgres.StartAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var unknown = await gateway.ChatAsync(stranger, Body);
                return unknown.StatusCode == HttpStatusCode.Unauthorized;
            },
            TimeSpan.FromSeconds(20), "the store was read, so the key is known not to exist");
    }

    [Fact]
    public async Task StartedWithNothing_Is503_NotReady()
    {
        await using var postgres = await PostgresServer.StartPrivateAsync();
        await using var world = await GatewayWorld.CreateAsync(await postgres.CreateDatabaseAsync());
        await postgres.StopAsync();
        await using var gateway = await world.StartGatewayAsync(waitUntilReady: false);

        using var response = await gateway.ChatAsync(world.Key, Body);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Http.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Secrets_AppearInNoLog()
    {
        const string Prompt = "canary-prompt-8c1e";
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "Logging__LogLevel__Default=Debug", "Logging__LogLevel__AspireGateway=Trace");
        foreach (var directive in (string[])["", "[[sim: status=500]]", "[[sim: cut-after=2]]", "[[sim: malformed-after=1]]"])
        {
            foreach (var stream in (string[])["true", "false"])
            {
                using var response = await gateway.ChatAsync(world.Key, $$"""{"model":"small","stream":{{stream}},"messages":[{"role":"user","content":"{{Prompt}} {{directive}}"}]}""");
                try
                {
                    await response.Content.ReadAsStringAsync();
                }
                catch (HttpRequestException)
                {
                    // A stream that was cut on purpose.
                }
            }
        }
        var metrics = await gateway.Http.GetStringAsync("/metrics");
        var sinks = await gateway.StopAsync() + metrics;

        Assert.NotEmpty(sinks);
        foreach (var secret in (string[])[Prompt, world.Key, GatewayWorld.ProviderSecret, world.MasterKey])
            Assert.DoesNotContain(secret, sinks, StringComparison.Ordinal);
    }

    private static async Task CallUntilDeadAsync(GatewayProcess gateway, string key, string caller, ConcurrentBag<string> answered, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var id = $"{caller}-{i}";
            try
            {
                using var response = await gateway.ChatAsync(key, i % 2 == 0 ? Body : Streamed, id, stop);
                if (response.StatusCode != HttpStatusCode.OK) continue;
                var text = await response.Content.ReadAsStringAsync(stop);
                // Answered means: the caller has it whole.
                if (i % 2 == 0 || text.EndsWith("[DONE]\n\n", StringComparison.Ordinal)) answered.Add(id);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                if (!stop.IsCancellationRequested && fault is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }) return;
            }
        }
    }
}
