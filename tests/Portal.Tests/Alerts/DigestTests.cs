using System.Globalization;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Alerts.Digests;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Webhooks.Channels;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>Digests of an organisation's day and week: once, by its own calendar, with sums that are those of the records, and escaped.</summary>
public sealed class DigestTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData("2026-11-30 06:00", "2026-11-29", "2026-11-23")]
    [InlineData("2026-11-30 05:59", "2026-11-28", "2026-11-16")]
    [InlineData("2026-12-06 12:00", "2026-12-05", "2026-11-23")]
    [InlineData("2026-12-01 00:30", "2026-11-29", "2026-11-23")]
    public void Due_IsTheDayBefore_AndTheWeekBefore(string local, string day, string monday)
    {
        var at = DateTime.Parse(local, CultureInfo.InvariantCulture);
        Assert.Equal((DateOnly.Parse(day, CultureInfo.InvariantCulture), DateOnly.Parse(monday, CultureInfo.InvariantCulture)), (DigestPeriods.Due("daily", at), DigestPeriods.Due("weekly", at)));
    }

    [Fact]
    public async Task Digest_IsMadeOnceByHoweverManyPortals_AndSentToWhoFollows()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Search");
        var key = await api.KeyAsync(team, "<script>alert(1)</script>");
        await portal.ExecuteAsync($"update organisations set created_at = now() - interval '30 days', time_zone = 'Pacific/Auckland' where id = '{api.Organisation}'; select ensure_day_partitions(array(select current_date - n from generate_series(-1, 16) n))");
        var hook = (await api.MadeAsync("/api/webhooks", """{"name":"d","url":"https://hooks.example.com/d","events":["digest.daily","digest.weekly"]}"""))["webhook"].Id();
        await api.MadeAsync("/api/webhooks", """{"name":"a","url":"https://hooks.example.com/a","events":["alert.raised"]}""");
        // At seven in the morning there, with ten requests of two cents an hour for two weeks before.
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(PortalHost.Now(), zone).DateTime);
        var clock = new ManualClock(new(TimeZoneInfo.ConvertTimeToUtc(today.ToDateTime(new(7, 0)), zone), TimeSpan.Zero));
        await AddAsync(api.Organisation, team, key, 14 * 24 * 10, clock.Now);
        while ((await portal.Get<RollUpBatch>().RunAsync(default)).IsMore) continue;

        using var one = Worker(clock);
        using var other = Worker(clock);
        await Task.WhenAll(one.RoundAsync(default), other.RoundAsync(default), one.RoundAsync(default));
        Assert.Equal(0, await one.RoundAsync(default));
        var digests = await api.ItemsAsync("/api/digests");
        Assert.Equal(["daily", "weekly"], digests.Select(d => d["document"]!.Text("period")!).Order(StringComparer.Ordinal));
        var daily = digests.Single(d => d["document"]!.Text("period") == "daily");
        Assert.Equal(today.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), daily["document"]!.Text("from"));
        var records = await portal.ScalarAsync<long>($"select count(*) from usage_records where organisation_id = '{api.Organisation}' and (at at time zone 'Pacific/Auckland')::date = '{today.AddDays(-1):yyyy-MM-dd}'");
        Assert.Equal(records.ToString("N0", CultureInfo.InvariantCulture), Cell(daily, "In short", 0, 1));
        Assert.Equal(("<script>alert(1)</script>", "100.0 %"), (Cell(daily, "Costs by key", 0, 0), Cell(daily, "Where requests went", 0, 2)));
        var weekly = digests.Single(d => d["document"]!.Text("period") == "weekly");
        Assert.Equal("Search", Cell(weekly, "Costs by team", 0, 0));
        Assert.Contains(Rows(weekly, "Compliance"), r => r![0]!.GetValue<string>() == "Kill switches thrown" && r[1]!.GetValue<string>() == "0");
        Assert.Equal("Nobody voted.", Section(weekly, "Quality by task").Text("note"));

        Assert.Equal(2, await portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where organisation_id = '{api.Organisation}'"));
        Assert.Equal(2, await portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where webhook_id = '{hook}'"));
        var payload = await portal.ScalarAsync<string>($"select payload::text from webhook_deliveries where webhook_id = '{hook}' and event_type = 'digest.daily'");
        var message = ChannelMessage.Of(payload);
        Assert.Equal(("Requests", records.ToString("N0", CultureInfo.InvariantCulture)), message.Facts[0]);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", message.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", message.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", message.Html, StringComparison.Ordinal);

        // The next day there is another one.
        clock.Now += TimeSpan.FromDays(1);
        Assert.True(await other.RoundAsync(default) >= 1);
        Assert.Equal(2, (await api.ItemsAsync("/api/digests?period=daily")).Count);
    }

    [Fact]
    public async Task Digests_AreOfTheOwnOrganisation_AndForWhoSeesAllCosts()
    {
        var (mine, theirs) = (await portal.AddOrganisationAsync(), await portal.AddOrganisationAsync());
        await portal.ExecuteAsync($$"""
            insert into alert_digests (id, organisation_id, period, day, document, made_at)
            values (gen_random_uuid(), '{{theirs}}', 'daily', '2026-01-01', '{"period":"daily","organization":"x","from":"2026-01-01","to":"2026-01-01","time_zone":"UTC","sections":[]}', now())
            """);
        var query = portal.Get<DigestsQuery>();
        Assert.Empty((await query.RunAsync(PortalHost.Actor(Roles.FinOps, mine), null, null, null, default)).Value.Items);
        var digest = Assert.Single((await query.RunAsync(PortalHost.Actor(Roles.FinOps, theirs), null, null, null, default)).Value.Items);
        Assert.False((await query.OneAsync(PortalHost.Actor(Roles.FinOps, mine), digest.Id, default)).Succeeded);
        Assert.False((await query.RunAsync(PortalHost.Actor(Roles.TeamLead, theirs), null, null, null, default)).Succeeded);
    }

    private static JsonNode Section(JsonNode digest, string title) => digest["document"]!["sections"]!.AsArray().Single(s => s!.Text("title") == title)!;

    private static JsonArray Rows(JsonNode digest, string title) => Section(digest, title)["rows"]!.AsArray();

    private static string Cell(JsonNode digest, string title, int row, int column) => Rows(digest, title)[row]![column]!.GetValue<string>();

    private DigestWorker Worker(TimeProvider clock) => new(portal.Get<NpgsqlDataSource>(), portal.Get<DigestReader>(), clock, NullLogger<DigestWorker>.Instance);

    private Task AddAsync(Guid organisation, Guid team, Guid key, int count, DateTimeOffset until) => portal.ExecuteAsync($$"""
        insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, deployment, provider, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
            reasoning_tokens, latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
        select gen_random_uuid(), '{{until:O}}'::timestamptz - n * interval '6 minutes', 'r' || n, '{{organisation}}', '{{team}}', '{{key}}', 'chat_completions', 'd', 'one', array[]::text[], 1, 0, 0, 1, 0, 1, 1,
            'ok', 200, 20000000, false, false, array[]::text[]
        from generate_series(1, {{count}}) n
        """);
}
