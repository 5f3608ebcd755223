using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Detection;
using AspireGateway.Portal.Alerts.Digests;
using AspireGateway.Portal.Alerts.Watch;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Webhooks.Channels;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>What policies do about keys that run away, on real rows: once for each alert, whatever dies in between, until its time is over or a person lifts it.</summary>
public sealed class KeyBrakesTests(PortalHost portal) : IClassFixture<PortalHost>, IAsyncLifetime
{
    private const string Actions = "/api/alerts/actions", Policies = "/api/alerts/policies";

    private readonly ManualClock clock = new(PortalHost.Now());

    public async ValueTask InitializeAsync() =>
        await portal.ExecuteAsync("update alert_watch set until = '-infinity'; select ensure_day_partitions(array(select current_date - n from generate_series(-1, 17) n))");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Runaway_IsStoppedByTheLookThatRaisesIt_AndItsMessageSaysSo()
    {
        var (api, team, key) = await WorldAsync("""{"on_anomaly":"stop"}""");
        var hook = (await api.MadeAsync("/api/webhooks", """{"name":"soc","url":"https://hooks.example.com/soc","events":["alert.raised"]}"""))["webhook"].Id();
        await AddAsync(api.Organisation, team, key, 16 * 24 * 12, "now() - n * interval '5 minutes'");
        while ((await portal.Get<RollUpBatch>().RunAsync(default)).IsMore) continue;
        await AddAsync(api.Organisation, team, key, 60, "now() - n * interval '2 seconds'");
        var before = await portal.RevisionAsync();
        using var watch = Watch();
        Assert.True(await watch.RoundAsync(default));

        var done = Assert.Single(await api.ItemsAsync($"{Actions}?active=true"));
        Assert.Equal(("stop", "key", key.ToString(), "Crawler's"), (done.Text("kind"), done.Text("scope_kind"), done.Text("scope_id"), done.Text("scope_name")));
        Assert.Matches(@"^Anomaly: it cost \$6\.\d\d within ten minutes, \$0\.\d+ are usual at this time$", done.Text("reason"));
        Assert.Equal(TimeSpan.FromHours(1), Time(done, "until") - Time(done, "created_at"));
        // One change of the configuration, by which gateways are told, and one entry in the audit, whose actor is no person.
        Assert.Equal(before + 1, await portal.RevisionAsync());
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'key_brake' and entity_id = '{done.Id()}'"));
        var entry = Assert.Single(await api.ItemsAsync($"/api/audit?target_id={done.Id()}"));
        Assert.Equal(("key_brake.stop", "anomaly watch"), (entry.Text("action"), entry.Text("actor")));

        // The alert of the key says it; those of its team and its agent, which are the same event, do not.
        var alerts = await api.ItemsAsync("/api/alerts?open=true");
        Assert.Equal([$"key:{key}"], alerts.Where(a => a["action"] is not null).Select(a => a.Text("subject")));
        Assert.Equal(3, alerts.Count(a => a.Text("kind") == "cost_spike"));
        Assert.Equal("stop", (await api.GetAsync($"/api/keys/{key}")).Body!["anomaly"]!.Text("kind"));
        var messages = await portal.Get<NpgsqlDataSource>().ReadAsync("select payload::text from webhook_deliveries where webhook_id = @hook", r => r.GetString(0), default, Sql.Id("hook", hook));
        Assert.Equal(3, messages.Count);
        var message = messages.Single(m => JsonNode.Parse(m)!["data"]!["action"] is not null);
        Assert.Contains($"raised from", ChannelMessage.Of(message).Text, StringComparison.Ordinal);
        Assert.EndsWith($". Key stopped until {Time(done, "until"):HH:mm} UTC.", ChannelMessage.Of(message).Text!.Replace($"{Time(done, "until"):d MMM} ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // Looks that follow do nothing more.
        for (var look = 0; look < 3; look++) await LookAsync(watch);
        Assert.Equal(before + 1, await portal.RevisionAsync());
    }

    [Fact]
    public async Task Throttle_LeavesAPartOfWhatIsUsual()
    {
        var (api, _, key) = await WorldAsync("""{"on_anomaly":"throttle","of_usual":0.5,"minutes":15}""");
        await RaiseAsync(api, key, usualRate: 30.5);
        await ApplyAsync();
        var done = Assert.Single(await api.ItemsAsync(Actions));
        Assert.Equal(("throttle", 16, TimeSpan.FromMinutes(15)), (done.Text("kind"), done["requests_per_minute"]!.GetValue<int>(), Time(done, "until") - Time(done, "created_at")));
    }

    [Fact]
    public async Task NearestPolicy_Decides_AndNoneMeansNothing()
    {
        var (api, team, key) = await WorldAsync("""{"on_anomaly":"stop"}""");
        var other = await api.KeyAsync(team, "Other");
        var elsewhere = await api.KeyAsync(await api.TeamAsync("Elsewhere"), "Third");
        await SetAsync(api, "team", team, """{"on_anomaly":"none"}""");
        await SetAsync(api, "key", other, """{"on_anomaly":"throttle","requests_per_minute":7,"minutes":0}""");
        foreach (var k in (Guid[])[key, other, elsewhere]) await RaiseAsync(api, k);
        await ApplyAsync();
        var done = await api.ItemsAsync(Actions);
        Assert.Equal([("throttle", other.ToString(), null), ("stop", elsewhere.ToString(), "set")], done.Select(d => (d.Text("kind")!, d.Text("scope_id")!, d["until"] is null ? null : "set")).OrderByDescending(d => d.Item1));

        // A policy that comes later decides on what begins later.
        await SetAsync(api, "key", key, """{"on_anomaly":"stop"}""");
        await ApplyAsync();
        Assert.Equal(2, (await api.ItemsAsync(Actions)).Count);
    }

    [Fact]
    public async Task WithoutAPolicy_NothingIsDone_AndTheConfigurationStays()
    {
        var (api, _, key) = await WorldAsync(null);
        await RaiseAsync(api, key);
        var before = await portal.RevisionAsync();
        await ApplyAsync();
        Assert.Empty(await api.ItemsAsync(Actions));
        Assert.Equal(before, await portal.RevisionAsync());
        await SetAsync(api, "organisation", null, """{"on_anomaly":"stop"}""");
        await ApplyAsync();
        Assert.Empty(await api.ItemsAsync(Actions));
    }

    [Fact]
    public async Task OtherAlerts_AndThoseOfTheDay_AreNotActedOn()
    {
        var (api, team, key) = await WorldAsync("""{"on_anomaly":"stop"}""");
        var book = portal.Get<AlertBook>();
        foreach (var (kind, subject, tier) in new[] { ("cost_spike", $"team:{team}", "page"), ("cost_spike", "agent:key:crawler", "page"), ("limit_breach", $"key:{key}", "page"), ("cost_spike", $"key:{key}", "daily") })
            await book.RaiseAsync(new(new(api.Organisation, kind, subject), 6, 0.2, new(1, true, false), tier), clock.Now, default);
        await ApplyAsync();
        Assert.Empty(await api.ItemsAsync(Actions));
        // One of the day that becomes urgent is.
        await RaiseAsync(api, key);
        await ApplyAsync();
        Assert.Single(await api.ItemsAsync(Actions));
    }

    [Fact]
    public async Task Muted_IsLeftAlone_UntilItsTimeIsOver_AndAcknowledgedIsNot()
    {
        var (api, team, key) = await WorldAsync("""{"on_anomaly":"stop"}""");
        var other = await api.KeyAsync(team, "Other");
        await RaiseAsync(api, key);
        await RaiseAsync(api, other);
        var alerts = await api.ItemsAsync("/api/alerts?open=true");
        var (muted, taken) = (alerts.Single(a => a.Text("subject") == $"key:{key}"), alerts.Single(a => a.Text("subject") == $"key:{other}"));
        var mute = await api.PostAsync($"/api/alerts/{muted.Id()}/mute", $$"""{"until":"{{PortalHost.Now().AddHours(1):O}}","reason":"A load test"}""");
        await api.PostAsync($"/api/alerts/{taken.Id()}/acknowledge", "{}");
        await ApplyAsync();
        Assert.Equal([other.ToString()], (await api.ItemsAsync(Actions)).Select(d => d.Text("scope_id")));
        await api.DeleteAsync($"/api/alerts/mutes/{mute.Body.Id()}");
        clock.Now = PortalHost.Now();
        await ApplyAsync();
        Assert.Equal([key.ToString(), other.ToString()], (await api.ItemsAsync(Actions)).Select(d => d.Text("scope_id")));
    }

    [Fact]
    public async Task PortalThatDies_BetweenAlertAndAction_LosesNothingAndDoublesNothing()
    {
        var (api, team, key) = await WorldAsync("""{"on_anomaly":"stop"}""");
        // The alert was raised, and its portal died before it looked up the policy.
        await RaiseAsync(api, key);
        var before = await portal.RevisionAsync();
        // The next one dies in the middle of acting: whatever it had written is gone with its transaction.
        await portal.ExecuteAsync($"""
            create function die() returns trigger language plpgsql as $f$ begin raise exception 'the portal is gone'; end $f$;
            create trigger die before insert on key_brakes for each row when (new.key_id = '{key}') execute function die()
            """);
        await ApplyAsync();
        Assert.Equal((before, 0L, 1L), (await portal.RevisionAsync(), await CountAsync("key_brakes", key), await portal.ScalarAsync<long>($"select count(*) from alerts where subject = 'key:{key}' and decided_at is null")));
        // Another key's is answered all the same.
        var other = await api.KeyAsync(team, "Other");
        await RaiseAsync(api, other);
        before = await portal.RevisionAsync();
        await ApplyAsync();
        Assert.Equal((before + 1, 0L, 1L), (await portal.RevisionAsync(), await CountAsync("key_brakes", key), await CountAsync("key_brakes", other)));
        before++;
        await portal.ExecuteAsync("drop trigger die on key_brakes; drop function die");

        // And several at once find it: two that both believe to watch, and looks that overlap.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(ApplyAsync)));
        Assert.Equal((before + 1, 1L), (await portal.RevisionAsync(), await CountAsync("key_brakes", key)));
        Assert.Equal(2, await portal.ScalarAsync<long>($"select count(*) from audit_entries where organisation_id = '{api.Organisation}' and action = 'key_brake.stop'"));
    }

    [Fact]
    public async Task End_OfItsTime_IsWrittenDown_AndItStaysWhenTheAlertIsOver()
    {
        var (api, _, key) = await WorldAsync("""{"on_anomaly":"stop","minutes":15}""");
        await RaiseAsync(api, key);
        await ApplyAsync();
        await portal.Get<AlertBook>().EndAsync(new(api.Organisation, AlertKinds.CostSpike, $"key:{key}"), 0, clock.Now, default);
        await ApplyAsync();
        // No flapping: its traffic is gone because it is stopped.
        var held = Assert.Single(await api.ItemsAsync($"{Actions}?active=true"));
        var until = Time(held, "until");

        await portal.Get<ApplyPolicies>().EndAsync(until.AddTicks(-10), default);
        Assert.Null(Assert.Single(await api.ItemsAsync(Actions))["ended_at"]);
        await portal.Get<ApplyPolicies>().EndAsync(until, default);
        await portal.Get<ApplyPolicies>().EndAsync(until.AddMinutes(1), default);
        var over = Assert.Single(await api.ItemsAsync($"{Actions}?active=false"));
        Assert.Equal((until, "anomaly watch"), (Time(over, "ended_at"), over.Text("ended_by")));
        Assert.Equal(["key_brake.end", "key_brake.stop"], (await api.ItemsAsync($"/api/audit?target_id={over.Id()}")).Select(a => a.Text("action")));

        // It runs away again: that is another event, and acted on anew.
        await RaiseAsync(api, key);
        await ApplyAsync();
        Assert.Equal(2, (await api.ItemsAsync(Actions)).Count);
    }

    [Fact]
    public async Task Lift_ByAPerson_IsAudited_Final_AndPossibleInEveryPlace()
    {
        var (api, team, key) = await WorldAsync("""{"on_anomaly":"stop"}""");
        var others = new List<Guid> { await api.KeyAsync(team, "B"), await api.KeyAsync(team, "C"), await api.KeyAsync(team, "D") };
        foreach (var k in others.Prepend(key)) await RaiseAsync(api, k);
        await ApplyAsync();
        var held = (await api.ItemsAsync(Actions)).ToDictionary(d => Guid.Parse(d.Text("scope_id")!), d => d.Id());

        // Where it is listed beside what people stopped.
        var listed = await api.ItemsAsync("/api/kill-switches");
        Assert.Equal(4, listed.Count(s => s.Text("created_by") == "anomaly watch" && s["until"] is not null));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/kill-switches/{held[key]}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/kill-switches/{held[key]}")).Status);
        Assert.Equal(3, (await api.ItemsAsync("/api/kill-switches")).Count);
        // By its own address.
        var (status, lifted) = await api.PostAsync($"{Actions}/{held[others[0]]}/lift", "{}");
        Assert.Equal((HttpStatusCode.OK, "admin-token"), (status, lifted.Text("ended_by")));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"{Actions}/{held[others[0]]}/lift", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync($"{Actions}/{Guid.NewGuid()}/lift", "{}")).Status);
        // By undoing it in the audit. A lift has no way back.
        var change = Assert.Single(await api.ItemsAsync($"/api/audit?target_id={held[others[1]]}"));
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"/api/audit/{change.Id()}/undo", "{}")).Status);
        var lift = (await api.ItemsAsync($"/api/audit?target_id={held[others[0]]}"))[0];
        Assert.Equal(("key_brake.lift", HttpStatusCode.Conflict), (lift.Text("action"), (await api.PostAsync($"/api/audit/{lift.Id()}/undo", "{}")).Status));
        // By the lead of its team, and of no other.
        var brakes = portal.Get<LiftKeyBrake>();
        var stranger = PortalHost.Actor(Roles.TeamLead, api.Organisation, await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team), await portal.AddTeamAsync(api.Organisation));
        Assert.IsType<Failure.Forbidden>((await brakes.RunAsync(stranger, held[others[2]], default)).Failure);
        var lead = PortalHost.Actor(Roles.TeamLead, api.Organisation, await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team), team);
        Assert.True((await brakes.RunAsync(lead, held[others[2]], default)).Succeeded);

        // Whoever lifted it is not overruled while the alert goes on.
        foreach (var k in others.Prepend(key)) await RaiseAsync(api, k);
        await ApplyAsync();
        Assert.Empty(await api.ItemsAsync($"{Actions}?active=true"));
        Assert.All(await api.ItemsAsync("/api/alerts?open=true"), a => Assert.NotNull(a["action"]!.Text("ended_by")));
    }

    [Fact]
    public async Task Rotation_OfAKeyThatIsHeld_TakesTheHoldAlong()
    {
        var (api, _, key) = await WorldAsync("""{"on_anomaly":"throttle","requests_per_minute":7}""");
        await RaiseAsync(api, key);
        await ApplyAsync();
        var next = (await api.PostAsync($"/api/keys/{key}/rotate")).Body!["key"].Id();
        var held = await api.ItemsAsync($"{Actions}?active=true");
        Assert.Equal([next.ToString(), key.ToString()], held.Select(h => h.Text("scope_id")));
        Assert.Single(held.Select(h => (h.Text("until"), h.Text("alert_id"), h["requests_per_minute"]!.GetValue<int>())).Distinct());
        Assert.Single(await api.ItemsAsync($"{Actions}?key={next}"));
    }

    [Fact]
    public async Task Digest_SaysWhatWasDone()
    {
        var (api, _, key) = await WorldAsync("""{"on_anomaly":"stop","minutes":0}""");
        await RaiseAsync(api, key);
        await ApplyAsync();
        var digest = await portal.Get<DigestReader>().ReadAsync(api.Organisation, "x", DigestPeriods.Weekly, DateOnly.FromDateTime(clock.Now.UtcDateTime).AddDays(-3), default);
        Assert.Equal("open; key stopped until somebody lifts it", Assert.Single(digest.Sections.Single(s => s.Title == "Alerts").Rows)[2]);
        Assert.Contains(digest.Sections.Single(s => s.Title == "Compliance").Rows, row => row[0] == "Keys stopped by an anomaly" && row[1] == "1");
    }

    [Fact]
    public async Task Organisations_SeeTheirOwnOnly()
    {
        var (api, _, key) = await WorldAsync("""{"on_anomaly":"stop"}""");
        var other = await PortalApi.StartAsync(portal);
        await RaiseAsync(api, key);
        await ApplyAsync();
        var held = Assert.Single(await api.ItemsAsync(Actions));
        Assert.Empty(await other.ItemsAsync(Actions));
        Assert.Empty(await other.ItemsAsync("/api/kill-switches"));
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"{Actions}/{held.Id()}/lift", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/kill-switches/{held.Id()}")).Status);
    }

    private Task ApplyAsync() => portal.Get<ApplyPolicies>().RunAsync(clock.Now, default);

    // As the watch does when a key runs away.
    private Task<bool> RaiseAsync(PortalApi api, Guid key, double usualRate = 1.2) => portal.Get<AlertBook>().RaiseAsync(
        new(new(api.Organisation, AlertKinds.CostSpike, $"key:{key}"), 6.2, 0.2, new(1.3, true, false)) { UsualRate = usualRate, Learned = BaselineKind.Seasonal, Samples = 15 }, clock.Now, default);

    private PageWatch Watch()
    {
        var database = portal.Get<NpgsqlDataSource>();
        var (book, stores) = (new AlertBook(database), new StoreStates(database, null));
        return new(
            database, new WatchLease(database), new PageFindings(new(database), new(database), stores, new(database)), new AlertStates(book), portal.Get<ApplyPolicies>(), book, stores, clock,
            NullLogger<PageWatch>.Instance);
    }

    private async Task LookAsync(PageWatch watch)
    {
        clock.Now += TimeSpan.FromSeconds(20);
        Assert.True(await watch.RoundAsync(default));
    }

    private async Task<(PortalApi Api, Guid Team, Guid Key)> WorldAsync(string? settings)
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Search");
        if (settings is not null) await SetAsync(api, "organisation", null, settings);
        return (api, team, await api.KeyAsync(team, "Crawler's"));
    }

    private static async Task SetAsync(PortalApi api, string kind, Guid? scope, string settings)
    {
        var set = await api.PutAsync(Policies, $$"""{"scope_kind":"{{kind}}","scope_id":{{(scope is null ? "null" : $"\"{scope}\"")}},"settings":{{settings}}}""");
        Assert.True(set.Status == HttpStatusCode.OK, set.Body?.ToJsonString());
    }

    private Task<long> CountAsync(string table, Guid key) => portal.ScalarAsync<long>($"select count(*) from {table} where key_id = '{key}'");

    private static DateTimeOffset Time(JsonNode node, string field) => node[field]!.GetValue<DateTimeOffset>().ToUniversalTime();

    private Task AddAsync(Guid organisation, Guid team, Guid key, int count, string at) => portal.ExecuteAsync($$"""
        insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, agent, route, provider, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
            reasoning_tokens, latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
        select gen_random_uuid(), {{at}}, 'r' || n, '{{organisation}}', '{{team}}', '{{key}}', 'crawler', 'chat_completions', 'one', array[]::text[], 1, 0, 0, 1, 0, 1, 1, 'ok', 200, 100000000, false, false, array[]::text[]
        from generate_series(1, {{count}}) n
        """);
}
