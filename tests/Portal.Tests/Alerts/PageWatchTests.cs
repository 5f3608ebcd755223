using System.Globalization;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Watch;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>What pages, on real records and roll-ups: costs raised with the first look, others after two, told once, muted, taken on, and over by itself.</summary>
public sealed class PageWatchTests(PortalHost portal) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private readonly ManualClock clock = new(PortalHost.Now());

    public async ValueTask InitializeAsync() =>
        await portal.ExecuteAsync("update alert_watch set until = '-infinity'; delete from gateway_states; select ensure_day_partitions(array(select current_date - n from generate_series(-1, 17) n))");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Runaway_IsRaisedWithTheFirstLook_ToldOnce_AndOverAfterTenCalmOnes()
    {
        var (api, team, key) = await WorldAsync();
        var hook = (await api.MadeAsync("/api/webhooks", """{"name":"soc","url":"https://hooks.example.com/soc","events":["alert.raised"]}"""))["webhook"].Id();
        await AddWeeksAsync(api.Organisation, team, key);
        using var watch = Watch();
        // What is usual is nothing to tell.
        Assert.True(await watch.RoundAsync(default));
        Assert.Empty(await OpenAsync(api));

        await AddAsync(api.Organisation, team, key, 60, "now() - n * interval '2 seconds'", cost: 100_000_000);
        await LookAsync(watch);
        var open = await OpenAsync(api);
        Assert.Equal(["agent:crawler", $"key:{key}", $"team:{team}"], open.Select(a => a.Text("subject")).Order(StringComparer.Ordinal));
        var alert = open.Single(a => a.Text("subject") == $"key:{key}");
        Assert.Equal(("cost_spike", "page", "Crawler's", "seasonal"), (alert.Text("kind"), alert.Text("tier"), alert.Text("subject_name"), alert.Text("learned")));
        Assert.InRange(Number(alert, "value"), 6, 6.4);
        Assert.InRange(Number(alert, "usual"), 0.19, 0.21);
        Assert.InRange(Number(alert, "threshold"), 0.8, 3.2);
        Assert.InRange((int)Number(alert, "samples"), 6, 15);

        // Another portal does not watch meanwhile, and nothing is told twice.
        using var other = Watch();
        Assert.False(await other.RoundAsync(default));
        await LookAsync(watch);
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where webhook_id = '{hook}'"));

        // The one that watched died: the next one knows what is open, and ends it.
        clock.Now += TimeSpan.FromMinutes(20);
        for (var look = 0; look < 9; look++) await LookAsync(other);
        Assert.Equal(3, (await OpenAsync(api)).Count);
        await LookAsync(other);
        Assert.Empty(await OpenAsync(api));
        Assert.Equal(3, (await api.ItemsAsync("/api/alerts?state=past")).Count);
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where webhook_id = '{hook}'"));
    }

    [Fact]
    public async Task NewKey_ThatCostsMuch_IsNotJudgedBeforeItIsADayOld()
    {
        var (api, team, key) = await WorldAsync();
        await AddAsync(api.Organisation, team, key, 100, "now() - n * interval '2 seconds'", cost: 100_000_000);
        await portal.Get<RollUpBatch>().RunAsync(default);
        using var watch = Watch();
        for (var look = 0; look < 3; look++) await LookAsync(watch);
        Assert.Empty(await OpenAsync(api));
    }

    [Fact]
    public async Task Muted_IsWrittenDownAndNobodyIsTold_UntilItsTimeIsOver()
    {
        var (api, team, key) = await WorldAsync();
        await api.MadeAsync("/api/webhooks", """{"name":"soc","url":"https://hooks.example.com/soc","events":["alert.raised"]}""");
        await AddFailuresAsync(api.Organisation, team, key, 30, "upstream_error");
        using var watch = Watch();
        await LookAsync(watch);
        Assert.Empty(await OpenAsync(api));
        await LookAsync(watch);
        var alert = Assert.Single(await OpenAsync(api));
        Assert.Equal(1, await ToldAsync(api));
        var until = PortalHost.Now().AddHours(1).ToString("O", CultureInfo.InvariantCulture);
        Assert.Equal(["reason is required.", "until is a time from now to 30 days from now."],
            await api.FaultTextsAsync($"/api/alerts/{alert.Id()}/mute", """{"until":"2020-01-01T00:00:00Z"}"""));
        var (status, mute) = await api.PostAsync($"/api/alerts/{alert.Id()}/mute", $$"""{"until":"{{until}}","reason":"Maintenance","whole_kind":true}""");
        Assert.Equal((System.Net.HttpStatusCode.OK, "Maintenance"), (status, mute!.Text("reason")));
        Assert.Equal(alert.Id(), Assert.Single(await api.ItemsAsync("/api/alerts?state=muted")).Id());
        Assert.Empty(await api.ItemsAsync("/api/alerts?state=active"));
        Assert.Single(await api.ItemsAsync("/api/alerts/mutes"));

        // Another provider of the kind, while it is quiet.
        await AddFailuresAsync(api.Organisation, team, key, 30, "upstream_error", "other");
        await LookAsync(watch);
        await LookAsync(watch);
        Assert.Equal(2, (await api.ItemsAsync("/api/alerts?state=muted")).Count);
        Assert.Equal(1, await ToldAsync(api));

        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/alerts/mutes/{mute.Id()}")).Status);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await api.DeleteAsync($"/api/alerts/mutes/{mute.Id()}")).Status);
        await LookAsync(watch);
        Assert.Equal(2, await ToldAsync(api));
    }

    [Fact]
    public async Task Provider_ThatRefusesForItsLimits_IsAnotherAlertThanOneThatFails()
    {
        var (api, team, key) = await WorldAsync();
        await AddFailuresAsync(api.Organisation, team, key, 30, "rate_limit_exceeded", "limited");
        await AddFailuresAsync(api.Organisation, team, key, 30, "upstream_error", "broken");
        // Few of many are no alert.
        await AddFailuresAsync(api.Organisation, team, key, 4, "upstream_error", "fine");
        await AddAsync(api.Organisation, team, key, 400, "now() - n * interval '100 milliseconds'", provider: "fine");
        using var watch = Watch();
        await LookAsync(watch);
        await LookAsync(watch);
        Assert.Equal([("provider_errors", "broken"), ("provider_rate_limits", "limited")], (await OpenAsync(api)).Select(a => (a.Text("kind")!, a.Text("subject")!)).Order());
    }

    [Fact]
    public async Task Limits_OfEverybodyAndOfProduction_Page_OthersWaitForTheDay()
    {
        var (api, team, key) = await WorldAsync();
        await AddRefusedAsync(api.Organisation, team, key, 25, """{"kind":"limit","scope_kind":"organisation"}""");
        await AddRefusedAsync(api.Organisation, team, key, 25, $$"""{"kind":"limit","scope_kind":"team","scope_id":"{{team}}"}""");
        await AddRefusedAsync(api.Organisation, team, key, 5, """{"kind":"limit","scope_kind":"user","scope_id":"ann"}""");
        var production = await api.TeamAsync("Production");
        var (service, enterprise) = (await api.KeyAsync(production, "Service"), (await api.ItemsAsync("/api/tiers")).Single(t => t.Text("name") == "Enterprise").Id());
        var assigned = await api.PutAsync("/api/tiers/assignments", $$"""{"scope_kind":"team","scope_id":"{{production}}","tier":"{{enterprise}}"}""");
        Assert.True((int)assigned.Status < 300, assigned.Body?.ToJsonString());
        await AddRefusedAsync(api.Organisation, production, service, 25, $$"""{"kind":"limit","scope_kind":"key","scope_id":"{{service}}"}""");
        using var watch = Watch();
        await LookAsync(watch);
        await LookAsync(watch);
        Assert.Equal(
            [($"key:{service}", "page"), ("organisation", "page"), ($"team:{team}", "daily")], (await OpenAsync(api)).Select(a => (a.Text("subject")!, a.Text("tier")!)).OrderBy(a => a.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Gateway_ThatHoldsAnswersUp_AndAJournalThatIsNearlyFull_AreTold()
    {
        var (api, team, key) = await WorldAsync();
        await AddAsync(api.Organisation, team, key, 120, "now() - n * interval '1 second'", overheadUs: 150_000);
        await portal.ExecuteAsync("insert into gateway_states values ('gw-1', now(), 85, 100, 5000, 12), ('gw-2', now(), 30, 100, 0, 0), ('gw-dead', now() - interval '1 hour', 99, 100, 0, 0)");
        using var watch = Watch();
        await LookAsync(watch);
        await LookAsync(watch);
        var slow = Assert.Single(await OpenAsync(api), a => a.Text("kind") == "gateway_slow");
        Assert.InRange(Number(slow, "value"), 145, 156);
        // The installation's stores stand with the organisation that was made first.
        var first = await portal.ScalarAsync<Guid>("select id from organisations order by created_at, id limit 1");
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from alerts where organisation_id = '{first}' and kind = 'journal_depth' and subject = 'gw-1' and value = 0.85"));
        Assert.Equal(0, await portal.ScalarAsync<long>("select count(*) from alerts where kind = 'journal_depth' and subject <> 'gw-1'"));
    }

    [Theory]
    [InlineData("# Memory\r\nused_memory:850\r\nmaxmemory:1000\r\ntotal_system_memory:9000\r\n", 0.85)]
    [InlineData("used_memory:900\r\nmaxmemory:0\r\ntotal_system_memory:9000\r\n", 0.1)]
    [InlineData("used_memory:900\r\nmaxmemory:0\r\n", null)]
    [InlineData("", null)]
    public void Memory_OfRedis_IsPartOfItsBoundOrOfTheMachines(string info, double? used) => Assert.Equal(used, StoreStates.Used(info));

    [Fact]
    public async Task Memory_OfARealRedis_IsRead()
    {
        await using var redis = new RedisClient(RedisOptions.Parse(portal.RedisAddress), TimeProvider.System, NullLogger<RedisClient>.Instance, []);
        redis.Start();
        var states = new StoreStates(portal.Get<NpgsqlDataSource>(), redis);
        double? used = null;
        await Integration.Tests.Stores.Eventually.HoldsAsync(async () => (used = await states.RedisMemoryAsync()) is not null, TimeSpan.FromSeconds(20), "Redis says how much memory it uses");
        Assert.InRange(used!.Value, double.Epsilon, 1);
    }

    private PageWatch Watch()
    {
        var database = portal.Get<NpgsqlDataSource>();
        var (book, stores) = (new AlertBook(database), new StoreStates(database, null));
        return new(database, new WatchLease(database), new PageFindings(new(database), new(database), stores, new(database)), new AlertStates(book), portal.Get<ApplyPolicies>(), book, stores, clock, NullLogger<PageWatch>.Instance);
    }

    private async Task LookAsync(PageWatch watch)
    {
        clock.Now += TimeSpan.FromSeconds(20);
        Assert.True(await watch.RoundAsync(default));
    }

    private async Task<(PortalApi Api, Guid Team, Guid Key)> WorldAsync()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Search");
        return (api, team, await api.KeyAsync(team, "Crawler's"));
    }

    private static async Task<List<JsonNode>> OpenAsync(PortalApi api) => [.. (await api.ItemsAsync("/api/alerts?open=true")).Where(a => a.Text("kind") is not ("journal_depth" or "store_memory"))];

    private Task<long> ToldAsync(PortalApi api) => portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where organisation_id = '{api.Organisation}'");

    private static double Number(JsonNode alert, string field) => alert[field]!.GetValue<double>();

    /// <summary>Sixteen days in which each hour had twelve requests of ten cents, in the roll-ups.</summary>
    private async Task AddWeeksAsync(Guid organisation, Guid team, Guid key)
    {
        await AddAsync(organisation, team, key, 16 * 24 * 12, "now() - n * interval '5 minutes'", cost: 100_000_000);
        while ((await portal.Get<RollUpBatch>().RunAsync(default)).IsMore) continue;
    }

    private Task AddFailuresAsync(Guid organisation, Guid team, Guid key, int count, string error, string provider = "one") =>
        AddAsync(organisation, team, key, count, "now() - n * interval '1 second'", provider: provider, status: "failed", error: error);

    private async Task AddRefusedAsync(Guid organisation, Guid team, Guid key, int count, string refusal)
    {
        await AddAsync(organisation, team, key, count, "now() - n * interval '1 second'", status: "refused", error: "rate_limit_exceeded");
        await portal.ExecuteAsync($$"""
            insert into journeys (id, at, organisation_id, document) select u.id, u.at, u.organisation_id, ('{"refusal":' || '{{refusal}}' || '}')::json from usage_records u
            where u.organisation_id = '{{organisation}}' and u.status = 'refused' on conflict do nothing
            """);
    }

    private Task AddAsync(
        Guid organisation, Guid team, Guid key, int count, string at, long cost = 0, string provider = "one", string status = "ok", string? error = null, long overheadUs = 1) => portal.ExecuteAsync($$"""
        insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, agent, route, provider, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
            reasoning_tokens, latency_us, overhead_us, status, status_code, error, cost_nano_usd, estimated, streamed, guardrails_triggered)
        select gen_random_uuid(), {{at}}, 'r' || n, '{{organisation}}', '{{team}}', '{{key}}', 'crawler', 'chat_completions', '{{provider}}', array[]::text[], 1, 0, 0, 1, 0, 1, {{overheadUs}}, '{{status}}', 200,
            {{(error is null ? "null" : $"'{error}'")}}, {{cost}}, false, false, array[]::text[]
        from generate_series(1, {{count}}) n
        """);
}
