using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>A sudden rise of findings: raised once, told to webhooks, taken on by somebody, over when it is over.</summary>
public sealed class GuardrailWatchTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Rise_IsRaisedOnceWhateverNumberOfPortalsLooks_AndEndsWhenItIsOver()
    {
        var api = await PortalApi.StartAsync(portal);
        var hook = await api.MadeAsync("/api/webhooks", """{"name":"soc","url":"https://hooks.example.com/soc","events":["alert.raised"]}""");
        var clock = new ManualClock(PortalHost.Now());
        using var watch = Watch(clock);
        await portal.ExecuteAsync("select ensure_day_partitions(array(select current_date - n from generate_series(-1, 9) n))");
        // A week in which each hour had ten.
        await AddAsync(api.Organisation, 10 * 24 * 8, "now() - n * interval '6 minutes'");
        await watch.RoundAsync(default);
        Assert.Empty(await OpenAsync(api));

        await AddAsync(api.Organisation, 60, "now() - n * interval '30 seconds'");
        using (var other = Watch(clock)) await Task.WhenAll(watch.RoundAsync(default), other.RoundAsync(default), watch.RoundAsync(default));
        var alert = Assert.Single(await OpenAsync(api));
        Assert.Equal(("guardrail_rise", "personal_data", 70d, 10d, 30d), (alert.Text("kind"), alert.Text("subject"), Number(alert, "value"), Number(alert, "usual"), Number(alert, "threshold")));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where webhook_id = '{hook["webhook"]!.Id()}' and event_type = 'alert.raised' and payload -> 'data' ->> 'subject' = 'personal_data'"));

        var (status, taken) = await api.PostAsync($"/api/alerts/{alert.Id()}/acknowledge", "");
        Assert.Equal((System.Net.HttpStatusCode.OK, true), (status, taken!["acknowledged_by"] is not null));

        // Fewer, but not so few that it would begin anew with the next ten.
        clock.Now += TimeSpan.FromMinutes(25);
        await watch.RoundAsync(default);
        Assert.Single(await OpenAsync(api));
        clock.Now += TimeSpan.FromMinutes(50);
        await watch.RoundAsync(default);
        Assert.Empty(await OpenAsync(api));
        Assert.NotNull(Assert.Single(await api.ItemsAsync("/api/alerts?open=false"))!["closed_at"]);
    }

    [Fact]
    public async Task Alert_OfAnotherOrganisation_IsNeitherSeenNorTakenOn()
    {
        var (mine, theirs) = (await portal.AddOrganisationAsync(), await portal.AddOrganisationAsync());
        await new AlertBook(portal.Get<NpgsqlDataSource>()).RaiseAsync(new(new(theirs, AlertKinds.GuardrailRise, "secrets"), 50, 1, new(20, true, false)), PortalHost.Now(), default);
        var reviewer = PortalHost.Actor(Roles.SecurityReviewer, mine);
        Assert.Empty((await portal.Get<AlertsQuery>().RunAsync(reviewer, null, null, null, default)).Value.Items);
        var id = await portal.ScalarAsync<Guid>($"select id from alerts where organisation_id = '{theirs}'");
        Assert.False((await portal.Get<AcknowledgeAlert>().RunAsync(reviewer, id, default)).Succeeded);
    }

    private GuardrailWatch Watch(TimeProvider clock) =>
        new(portal.Get<NpgsqlDataSource>(), new AlertBook(portal.Get<NpgsqlDataSource>()), clock, NullLogger<GuardrailWatch>.Instance);

    private static async Task<List<System.Text.Json.Nodes.JsonNode>> OpenAsync(PortalApi api) => [.. (await api.ItemsAsync("/api/alerts?open=true")).Select(a => a!)];

    private static double Number(System.Text.Json.Nodes.JsonNode alert, string field) => alert[field]!.GetValue<double>();

    private Task AddAsync(Guid organisation, int count, string at) => portal.ExecuteAsync($$"""
        insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
            latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
        select gen_random_uuid(), {{at}}, 'r' || n, '{{organisation}}', gen_random_uuid(), gen_random_uuid(), 'chat_completions', array[]::text[], 1, 0, 0, 1, 0, 1, 1, 'ok', 200, 0, false, false, '{personal_data}'
        from generate_series(1, {{count}}) n
        """);
}
