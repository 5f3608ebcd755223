using System.Globalization;
using System.Net;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Watch;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A key that runs away, as its callers meet what a policy does about it: real gateways, and the portal's watch run by hand over real records and roll-ups.</summary>
public sealed class RunawayKeyTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    // A second is what is promised; a slow machine gets five.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5), s_patience = TimeSpan.FromSeconds(60);

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task Runaway_IsStoppedOnEveryGateway_WithinASecondOfItsAlert_AndNobodyElseIs()
    {
        await using var second = await world.StartGatewayAsync("second", SpendingWorld.Patient);
        GatewayProcess[] gateways = [gateway, second];
        var (key, other) = (await world.AddKeyAsync(), await world.AddKeyAsync());
        await PolicyAsync(key.Id, """{"on_anomaly":"stop"}""");
        await world.AppliedAsync(gateways);
        foreach (var one in gateways) Assert.Equal((200, null), await Ask.StatusAsync(one, key.Secret));
        await RunAwayAsync(key.Id);

        await using var services = Services();
        using var watch = Watch(services);
        Assert.True(await watch.RoundAsync(default));
        var raised = await ScalarAsync<DateTime>($"select opened_at from alerts where subject = 'key:{key.Id}'");
        await Task.WhenAll(gateways.Select(one => AnswersAsync(one, key.Secret, (403, "scope_stopped"))));
        var took = DateTime.UtcNow - raised;
        Assert.InRange(took, TimeSpan.Zero, s_soon);
        TestContext.Current.TestOutputHelper!.WriteLine($"stopped on both gateways {took.TotalMilliseconds:0} ms after the look that raised the alert began");

        using (var response = await gateway.ChatAsync(key.Secret, Ask.Body()))
        {
            var (code, message) = await Ask.ErrorAsync(response);
            Assert.Equal("scope_stopped", code);
            Assert.Matches(@"is stopped: Anomaly: it cost \$6\.\d\d within ten minutes, \$0\.\d+ are usual at this time\. It goes again at \d{4}-\d\d-\d\d \d\d:\d\d UTC, or when the team's lead", message);
        }
        using (var response = await Ask.MessagesAsync(gateway, key.Secret, Ask.Body()))
        {
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("is stopped: Anomaly", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        foreach (var one in gateways) Assert.Equal((200, null), await Ask.StatusAsync(one, other.Secret));

        // A gateway that starts later knows it; one that was told that it is over lets go.
        await using var third = await world.StartGatewayAsync("third", SpendingWorld.Patient);
        Assert.Equal((403, "scope_stopped"), await Ask.StatusAsync(third, key.Secret));
        var brake = await ScalarAsync<Guid>($"select id from key_brakes where key_id = '{key.Id}'");
        await world.World.Configuration.WriteAsync([new(ConfigurationKinds.KeyBrake, brake, world.World.Organisation)], "update key_brakes set ended_at = now(), ended_by = 'ann' where id = $1", brake);
        await Task.WhenAll(gateways.Append(third).Select(one => AnswersAsync(one, key.Secret, (200, null))));
    }

    [Fact]
    public async Task Throttle_LowersToItsCeiling_AndSaysWhatItIs()
    {
        var (key, other) = (await world.AddKeyAsync(), await world.AddKeyAsync());
        // Its own limit stays: what is tighter holds.
        await world.LimitAsync(ScopeKinds.Key, key.Id.ToString(), LimitUnits.Requests, 100, LimitPeriods.Hour, burst: 100);
        await PolicyAsync(key.Id, """{"on_anomaly":"throttle","requests_per_minute":1,"minutes":0}""");
        await RunAwayAsync(key.Id);
        await using var services = Services();
        using var watch = Watch(services);
        Assert.True(await watch.RoundAsync(default));
        await world.AppliedAsync(gateway);

        // One at once, as the least burst is; then one a minute.
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret));
        using (var response = await gateway.ChatAsync(key.Secret, Ask.Body()))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.InRange(int.Parse(Ask.Header(response, "Retry-After"), CultureInfo.InvariantCulture), 1, 60);
            Assert.Equal("1", Ask.Header(response, "x-ratelimit-limit-requests"));
            var (code, message) = await Ask.ErrorAsync(response);
            Assert.Equal("rate_limit_exceeded", code);
            Assert.Contains("is throttled to 1 request per minute until somebody lifts it: an anomaly, it ran many times above what is usual for it.", message, StringComparison.Ordinal);
        }
        using (var response = await gateway.Http.SendAsync(new(HttpMethod.Get, "/v1/key") { Headers = { { "Authorization", $"Bearer {key.Secret}" } } }))
        {
            var limits = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("limits").EnumerateArray().ToList();
            Assert.Equal([(100, false), (1, true)], limits.Where(l => l.GetProperty("unit").GetString() == "requests").Select(l => (l.GetProperty("amount").GetInt32(), l.TryGetProperty("reason", out var why) && why.GetString() == "anomaly")));
        }
        for (var i = 0; i < 5; i++) Assert.Equal((200, null), await Ask.StatusAsync(gateway, other.Secret));

        // What a policy refuses is no second alert about its limits.
        for (var i = 0; i < 25; i++) Assert.Equal((429, "rate_limit_exceeded"), await Ask.StatusAsync(gateway, key.Secret));
        await Eventually.HoldsAsync(
            async () => await ScalarAsync<long>($"select count(*) from usage_records u join journeys j on j.id = u.id and j.at = u.at where u.key_id = '{key.Id}' and j.document::jsonb -> 'refusal' ->> 'anomaly' = 'true'") >= 25,
            s_patience, "what was refused is in the books");
        Assert.DoesNotContain(await new WindowReader(services.GetRequiredService<NpgsqlDataSource>()).BreachesAsync(DateTimeOffset.UtcNow, default), b => b.ScopeId == key.Id.ToString());
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("throttle")]
    public async Task End_ComesByTheClockOfEachGateway_WithoutAnybodySayingIt(string kind)
    {
        var key = await world.AddKeyAsync();
        var (brake, until) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow.AddSeconds(15));
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.KeyBrake, brake, world.World.Organisation)],
            "insert into key_brakes (id, organisation_id, key_id, alert_id, kind, requests_per_minute, reason, created_at, until) values ($1, $2, $3, $1, $4, $5, 'Anomaly', now(), $6)",
            brake, world.World.Organisation, key.Id, kind, kind == "stop" ? null : 1, until.ToUniversalTime());
        await world.AppliedAsync(gateway);
        if (kind == "throttle") Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret));
        Assert.Equal(kind == "stop" ? (403, "scope_stopped") : (429, "rate_limit_exceeded"), await Ask.StatusAsync(gateway, key.Secret));
        var revision = await gateway.MetricAsync("llm_config_revision");
        await AnswersAsync(gateway, key.Secret, (200, null));
        Assert.True(DateTimeOffset.UtcNow >= until, "it went before its time");
        for (var i = 0; i < 5; i++) Assert.Equal((200, null), await Ask.StatusAsync(gateway, key.Secret));
        Assert.Equal(revision, await gateway.MetricAsync("llm_config_revision"));
    }

    private static Task<TimeSpan> AnswersAsync(GatewayProcess one, string key, (int, string?) expected) =>
        Eventually.HoldsAsync(async () => await Ask.StatusAsync(one, key) == expected, s_patience, $"the answer is {expected}");

    private Task PolicyAsync(Guid key, string settings) => world.World.Configuration.ExecuteAsync(
        "insert into anomaly_policies (id, organisation_id, scope_kind, scope_id, settings, created_at, created_by) values ($1, $2, 'key', $3, $4::jsonb, now(), 'test')",
        Guid.CreateVersion7(), world.World.Organisation, key.ToString(), settings);

    // Sixteen days of twelve requests of ten cents an hour, in the roll-ups, and sixty within the last two minutes.
    private async Task RunAwayAsync(Guid key)
    {
        await world.World.Configuration.ExecuteAsync("select ensure_day_partitions(array(select current_date - n from generate_series(-1, 17) n))");
        await AddAsync(key, 16 * 24 * 12, "now() - n * interval '5 minutes'");
        await using var services = Services();
        var rollUps = new RollUpBatch(services.GetRequiredService<NpgsqlDataSource>(), Options.Create(new RollUpOptions()), TimeProvider.System);
        while ((await rollUps.RunAsync(default)).IsMore) continue;
        await AddAsync(key, 60, "now() - n * interval '2 seconds'");
        // Whoever watched before is gone.
        await world.World.Configuration.ExecuteAsync("update alert_watch set until = '-infinity'");
    }

    private Task AddAsync(Guid key, int count, string at) => world.World.Configuration.ExecuteAsync($$"""
        insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, provider, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
            reasoning_tokens, latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
        select gen_random_uuid(), {{at}}, 'r' || n, '{{world.World.Organisation}}', '{{world.World.Team}}', '{{key}}', 'chat_completions', 'sim', array[]::text[], 1, 0, 0, 1, 0, 1, 1, 'ok', 200, 100000000, false, false,
            array[]::text[]
        from generate_series(1, {{count}}) n
        """);

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(NpgsqlDataSource.Create(world.World.Database));
        services.AddConfigurationWriter(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:MasterKey", world.World.MasterKey)]).Build());
        return services.BuildServiceProvider();
    }

    private static PageWatch Watch(ServiceProvider services)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        var (book, stores) = (new AlertBook(database), new StoreStates(database, null));
        return new(
            database, new WatchLease(database), new PageFindings(new(database), new(database), stores, new(database)), new AlertStates(book),
            new ApplyPolicies(database, services.GetRequiredService<ConfigurationWriter>(), NullLogger<ApplyPolicies>.Instance), book, stores, TimeProvider.System, NullLogger<PageWatch>.Instance);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(world.World.Database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
