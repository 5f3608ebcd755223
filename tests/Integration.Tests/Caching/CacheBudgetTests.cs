using System.Net;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>What answers from the cache mean to budgets and limits, and what is left of them when providers fail.</summary>
public sealed class CacheBudgetTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    private static readonly CacheSettings Exact = new() { Mode = CacheModes.Exact };

    private readonly CachingWorld caching = fixture.Caching;

    [Fact]
    public async Task BudgetExhausted_HitsAreServedAndMissesRefused()
    {
        var (key, id) = await KeyAsync(Exact);
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("asked while there was money"));
        Assert.Equal("miss", CachingWorld.CacheOf(first));
        await BudgetAsync(id, 1);
        await LimitAsync(id, LimitUnits.Requests, 1_000);
        await RefusedAsync(key, "asked without money");

        using var hit = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("asked while there was money"));
        Assert.Equal((HttpStatusCode.OK, "hit", "0"), (hit.StatusCode, CachingWorld.CacheOf(hit), Ask.Header(hit, "x-gateway-cost-usd")));
        var record = await caching.World.RecordAsync(Ask.Header(hit, "x-request-id"));
        Assert.Equal((UsageStatuses.Ok, null, 0L), (record.Status, record.Error, record.CostNanoUsd));
        using var fresh = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("asked while there was money"), ("x-gateway-cache", "no-cache"));
        Assert.Equal(HttpStatusCode.PaymentRequired, fresh.StatusCode);
        Assert.Equal(0, caching.AskedFor("asked without money"));
    }

    [Fact]
    public async Task Hits_CountAsRequestsAndNotAsTokens()
    {
        var (key, id) = await KeyAsync(Exact);
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("hits against a limit"));
        Assert.Equal("miss", CachingWorld.CacheOf(first));
        await LimitAsync(id, LimitUnits.Requests, 5, burst: 5);
        var statuses = new List<HttpStatusCode>();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("hits against a limit"));
                statuses.Add(response.StatusCode);
                return response.StatusCode == HttpStatusCode.TooManyRequests;
            },
            TimeSpan.FromSeconds(20), "hits use up the requests");
        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Equal(1, caching.AskedFor("hits against a limit"));
    }

    [Fact]
    public async Task BudgetExhausted_RequestsAreCountedAllTheSame()
    {
        var (key, id) = await KeyAsync(Exact);
        using var first = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("poor and counted"));
        await BudgetAsync(id, 1);
        await RefusedAsync(key, "no money for this");
        await LimitAsync(id, LimitUnits.Requests, 3, burst: 3);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("poor and counted"));
                return response.StatusCode == HttpStatusCode.TooManyRequests;
            },
            TimeSpan.FromSeconds(20), "hits use up the requests");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ProvidersFail_AnOldReplyStandsIn(bool stream)
    {
        var model = Assert.Single(await caching.World.Configuration.IdsAsync("select id from models where name = 'chain' and organisation_id = $1", caching.World.Organisation));
        await caching.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Model, model, caching.World.Organisation)],
            "update models set reliability = '{\"retries\":0,\"degradation\":{\"action\":\"stale_cache\"}}'::jsonb where id = $1", model);
        var (key, _) = await KeyAsync(Exact with { TtlSeconds = 1, ServeStaleSeconds = 600 });
        var body = CachingWorld.Body("an old answer " + stream, stream ? ",\"stream\":true" : "", "chain");
        using var made = await caching.PostAsync(key, "/v1/chat/completions", body);
        Assert.Equal("miss", CachingWorld.CacheOf(made));

        HttpResponseMessage? old = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                caching.World.Simulator.ScriptFor("sim-large", "status=503");
                caching.World.Simulator.ScriptFor("sim-small", "status=503");
                old = await caching.PostAsync(key, "/v1/chat/completions", body);
                caching.World.Simulator.ClearScripts();
                return old.IsSuccessStatusCode && Ask.Header(old, "x-gateway-route-reason") == "degraded_stale";
            },
            TimeSpan.FromSeconds(20), "the reply is past its time");
        Assert.Equal(("hit", "2"), (CachingWorld.CacheOf(old!), Ask.Header(old!, "x-gateway-attempts")));
        Assert.True(long.Parse(Ask.Header(old!, "x-gateway-cache-age"), System.Globalization.CultureInfo.InvariantCulture) >= 1);
        var record = await caching.World.RecordAsync(Ask.Header(old!, "x-request-id"));
        Assert.Equal((UsageStatuses.Degraded, 200, 0L), (record.Status, record.StatusCode, record.CostNanoUsd));
        Assert.NotNull(record.Error);
        Assert.Equal("exact", (await caching.SavedAsync(Ask.Header(old!, "x-request-id"))).Hit);

        using var again = await caching.PostAsync(key, "/v1/chat/completions", body);
        Assert.Equal("miss", CachingWorld.CacheOf(again));
        old!.Dispose();
    }

    private async Task<(string Secret, Guid Id)> KeyAsync(CacheSettings settings)
    {
        var secret = await caching.KeyAsync(settings);
        return (secret, Assert.Single(await caching.World.Configuration.IdsAsync("select id from virtual_keys where secret_hash = $1", VirtualKeySecret.Hash(secret))));
    }

    private async Task BudgetAsync(Guid key, long capNanoUsd)
    {
        var id = Guid.CreateVersion7();
        await KnownAsync(await caching.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Budget, id, caching.World.Organisation)],
            """
            insert into budgets (id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, thresholds, created_at, created_by)
            values ($1, $2, 'key', $3, 'monthly', $4, 'reject', '{50,80,100}', now() - interval '1 hour', 'test')
            """,
            id, caching.World.Organisation, key.ToString(), capNanoUsd));
        await caching.OpenedAsync();
    }

    private async Task LimitAsync(Guid key, string unit, long amount, long? burst = null)
    {
        var id = Guid.CreateVersion7();
        await KnownAsync(await caching.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Limit, id, caching.World.Organisation)],
            """
            insert into limits (id, organisation_id, scope_kind, scope_id, unit, amount, period, burst, on_limit, created_at, created_by)
            values ($1, $2, 'key', $3, $4, $5, 'day', $6, 'reject', now(), 'test')
            """,
            id, caching.World.Organisation, key.ToString(), unit, amount, burst));
    }

    private async Task RefusedAsync(string key, string prompt)
    {
        using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(prompt));
        Assert.Equal((HttpStatusCode.PaymentRequired, "budget_exceeded"), (response.StatusCode, (await Ask.ErrorAsync(response)).Code));
    }

    private async Task KnownAsync(long revision) => await Eventually.HoldsAsync(
        async () => await caching.Gateway.MetricAsync("llm_config_revision") >= revision, TimeSpan.FromSeconds(30), "the gateway has the change");
}
