using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Reliability;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Reliability;

/// <summary>Retries, time-outs, fallbacks and breakers through HTTP: what is taken, what is refused, and what circuits did.</summary>
public sealed class ReliabilityTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly string slug = $"o-{Guid.NewGuid().ToString("N")[..12]}";

    private HttpClient Api => portal.Api;

    [Fact]
    public async Task Model_Settings_AreKept_AndFaultsAreNamed()
    {
        var (_, one, _) = await StartAsync();
        var (status, set) = await Api.PutAsync(At($"/api/reliability/models/{one}"),
            """{"retries":1,"total_timeout_ms":60000,"first_token_timeout_ms":5000,"fallbacks":[{"to":"two","status":[503,500,503],"timeout":true},{"to":"p/m","all_failed":true}]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([500, 503], set!["settings"]!["fallbacks"]![0]!["status"]!.AsArray().Select(s => (int)s!));

        var read = (await Api.ReadAsync(At("/api/reliability/models"))).Body!["items"]!.AsArray().Single(m => m!["model"]!.ToString() == "one")!;
        Assert.Equal(60_000, (int)read["settings"]!["total_timeout_ms"]!);
        // What the models page sets leaves it alone.
        var model = (await Api.ReadAsync(At($"/api/models/{one}"))).Body!;
        await Api.PutAsync(At($"/api/models/{one}"), $$"""{"name":"one","deployments":[{"deployment_id":"{{model["deployments"]![0]!["deployment_id"]}}"}]}""");
        Assert.Equal(1, (int)(await Api.ReadAsync(At("/api/reliability/models"))).Body!["items"]!.AsArray().Single(m => m!["model"]!.ToString() == "one")!["settings"]!["retries"]!);

        async Task<IReadOnlyList<string>> FaultsOf(string body) => (await Api.PutAsync(At($"/api/reliability/models/{one}"), body)).Body.Faults();
        Assert.Equal(["idle_timeout_ms", "latency_budget_ms", "retries"], await FaultsOf("""{"retries":11,"idle_timeout_ms":1,"latency_budget_ms":1}"""));
        Assert.Equal(["total_timeout_ms"], await FaultsOf("""{"total_timeout_ms":1000,"first_token_timeout_ms":2000}"""));
        Assert.Equal(["fallbacks"], await FaultsOf("""{"fallbacks":[{"to":"nobody"}]}"""));
        Assert.Equal(["fallbacks"], await FaultsOf("""{"fallbacks":[{"status":[500]}]}"""));
        Assert.Equal(["fallbacks"], await FaultsOf("""{"fallbacks":[{"to":"two","status":[200]}]}"""));
        Assert.Equal(["fallbacks"], await FaultsOf("""{"fallbacks":[{"to":"p/a"},{"to":"p/b"},{"to":"p/c"},{"to":"p/d"},{"to":"p/e"},{"to":"p/f"}]}"""));
        Assert.Equal(HttpStatusCode.BadRequest, (await Api.PutAsync(At($"/api/reliability/models/{one}"), """{"fallback":[]}""")).Status);
    }

    [Fact]
    public async Task Hedge_IsKept_EmptyMeansAsUsual_AndFaultsAreNamed()
    {
        var (_, one, _) = await StartAsync();
        var (status, set) = await Api.PutAsync(At($"/api/reliability/models/{one}"), """{"hedge":{"after_at_least_ms":200,"after_at_most_ms":2000,"most_percent":5}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"after_at_least_ms":200,"after_at_most_ms":2000,"most_percent":5}""", set!["settings"]!["hedge"]!.ToJsonString());
        var usual = (await Api.PutAsync(At($"/api/reliability/models/{one}"), """{"hedge":{}}""")).Body!["settings"]!["hedge"]!;
        Assert.Equal((null, null, null), (usual["after_at_least_ms"], usual["after_at_most_ms"], usual["most_percent"]));
        Assert.Null((await Api.PutAsync(At($"/api/reliability/models/{one}"), "{}")).Body!["settings"]!["hedge"]);

        foreach (var wrong in (string[])["""{"after_at_least_ms":0}""", """{"after_at_most_ms":600001}""", """{"most_percent":51}""", """{"after_at_least_ms":200,"after_at_most_ms":100}"""])
            Assert.Equal(["hedge"], (await Api.PutAsync(At($"/api/reliability/models/{one}"), $$"""{"hedge":{{wrong}}}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.BadRequest, (await Api.PutAsync(At($"/api/reliability/models/{one}"), """{"hedge":{"after":1}}""")).Status);
    }

    [Fact]
    public async Task Fallbacks_ThatLeadBack_AreRefused()
    {
        var (_, one, two) = await StartAsync();
        Assert.Equal(["fallbacks"], (await Api.PutAsync(At($"/api/reliability/models/{one}"), """{"fallbacks":[{"to":"one"}]}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.OK, (await Api.PutAsync(At($"/api/reliability/models/{one}"), """{"fallbacks":[{"to":"zwei"}]}""")).Status);
        var (status, refused) = await Api.PutAsync(At($"/api/reliability/models/{two}"), """{"fallbacks":[{"to":"one"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("two, then one, then two", refused!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a>b b>c", "a", null)]
    [InlineData("a>b b>c c>a", "a", "a b c a")]
    [InlineData("a>b a>c b>d c>d d>c", "a", null)]
    [InlineData("a>a", "a", "a a")]
    public void WayBack_FindsTheWay(string ways, string from, string? expected)
    {
        var map = ways.Split(' ').GroupBy(w => w[..1]).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(w => w[2..])], StringComparer.Ordinal);

        Assert.Equal(expected, ModelReliabilitySettings.WayBack(from, map) is { } way ? string.Join(' ', way) : null);
    }

    [Fact]
    public async Task Circuit_OpenedAndClosedByHand_IsAuditedAndShown()
    {
        var (deployment, _, _) = await StartAsync();
        Assert.Equal(["reason"], (await Api.PostAsync(At($"/api/reliability/deployments/{deployment}/open"), "{}")).Body.Faults());
        Assert.Equal(HttpStatusCode.OK, (await Api.PutAsync(At($"/api/reliability/deployments/{deployment}/breaker"), """{"failures":3,"open_seconds":10,"probe_every_seconds":30}""")).Status);
        Assert.Equal("closed", await StateAsync(deployment));

        Assert.Equal(HttpStatusCode.OK, (await Api.PostAsync(At($"/api/reliability/deployments/{deployment}/open"), """{"reason":"Maintenance"}""")).Status);
        Assert.Equal("taken_out", await StateAsync(deployment));
        var (_, closed) = await Api.PostAsync(At($"/api/reliability/deployments/{deployment}/close"), """{"reason":"Done"}""");
        Assert.Equal(3, (int)closed!["settings"]!["failures"]!);
        Assert.Equal("closed", await StateAsync(deployment));

        var events = (await Api.ReadAsync(At($"/api/reliability/events?deployment_id={deployment}"))).Body!["items"]!.AsArray();
        Assert.Equal(["closed", "open"], events.Select(e => e!["state"]!.ToString()));
        Assert.EndsWith("Maintenance", events[1]!["reason"]!.ToString(), StringComparison.Ordinal);
        var audit = (await Api.ReadAsync(At("/api/audit"))).Body!["items"]!.AsArray().Select(e => e!["action"]!.ToString()).ToList();
        Assert.Contains("circuit.open", audit);
        Assert.Contains("circuit.close", audit);
        Assert.Contains("deployment.breaker", audit);
    }

    [Fact]
    public async Task Breaker_WrongValues_AreNamed()
    {
        var (deployment, _, _) = await StartAsync();
        Assert.Equal(
            ["failure_percent", "failures", "probe_path", "window_seconds"],
            (await Api.PutAsync(At($"/api/reliability/deployments/{deployment}/breaker"), """{"failures":-1,"failure_percent":101,"window_seconds":0,"probe_path":"models"}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.NotFound, (await Api.PutAsync(At($"/api/reliability/deployments/{Guid.NewGuid()}/breaker"), "{}")).Status);
        Assert.Equal(["hours"], (await Api.ReadAsync(At("/api/reliability/deployments?hours=48"))).Body.Faults());
    }

    [Fact]
    public async Task Failed_CountsAttemptsThatFailed_NotThoseThatLostARaceOrWereLeft()
    {
        await StartAsync();
        var organisation = await portal.ScalarAsync<Guid>($"select id from organisations where slug = '{slug}'");
        // What became of the first attempt, at d, of requests that another deployment answered; the last one's journey is not kept any more.
        string?[] outcomes = ["ok", "hedge_lost", "caller_left", "server_error", "timeout", null];
        foreach (var outcome in outcomes) await RecordAsync("ok", "other", "array['d', 'other']", outcome is null ? null : $$"""{"attempts":[{"outcome":"{{outcome}}"},{"outcome":"ok"}]}""");
        // It served by itself, well and badly; one was refused before anybody was asked.
        await RecordAsync("ok", "d", "array['d']", null);
        await RecordAsync("failed", "d", "array['d']", null);
        await RecordAsync("refused", "d", "array['d']", null);
        // A race that it won: the other one's attempt comes first.
        await RecordAsync("ok", "d", "array['other', 'd']", """{"attempts":[{"outcome":"hedge_lost"},{"outcome":"ok"}]}""");

        var row = (await Api.ReadAsync(At("/api/reliability/deployments"))).Body!["items"]!.AsArray().Single()!;
        // Six and three attempts, of which a 500, a time-out, one of which nothing is known, and its own failure.
        Assert.Equal((9, 4, 3), ((int)row["attempts"]!, (int)row["failed"]!, (int)row["fell_back"]!));

        async Task RecordAsync(string status, string deployment, string chain, string? journey)
        {
            var id = Guid.CreateVersion7();
            await portal.ExecuteAsync($"""
                insert into usage_records (id, at, request_id, organisation_id, team_id, key_id, route, deployment, fallback_chain, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
                    reasoning_tokens, latency_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered)
                values ('{id}', now(), 'r', '{organisation}', gen_random_uuid(), gen_random_uuid(), 'chat', '{deployment}', {chain}, 0, 0, 0, 0, 0, 1000, 0, '{status}', 200, 0, false, false, array[]::text[])
                """);
            if (journey is null) return;
            await portal.ExecuteAsync($"insert into journeys (id, at, organisation_id, document) select id, at, organisation_id, '{journey}'::json from usage_records where id = '{id}'");
        }
    }

    [Fact]
    public async Task StandIn_IsShownWhileItIsRamped_AndServesAfterwards()
    {
        var (deployment, _, _) = await StartAsync();
        async Task NoteAsync(string until) => await portal.ExecuteAsync($"""
            insert into circuit_events (id, organisation_id, deployment_id, at, state, reason, until, gateway)
            select '{Guid.CreateVersion7()}', organisation_id, id, now(), 'standing_in', 'stands in for other, with 50 % of its requests at first', now() + interval '{until}', 'g' from deployments where id = '{deployment}'
            """);
        await NoteAsync("45 s");
        Assert.Equal("standing_in", await StateAsync(deployment));
        await NoteAsync("-1 s");
        Assert.Equal("closed", await StateAsync(deployment));
    }

    private string At(string path) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}organization={slug}";

    private async Task<string> StateAsync(Guid deployment) =>
        (await Api.ReadAsync(At("/api/reliability/deployments"))).Body!["items"]!.AsArray().Single(d => d!["deployment_id"]!.ToString() == deployment.ToString())!["state"]!.ToString();

    private async Task<(Guid Deployment, Guid One, Guid Two)> StartAsync()
    {
        await portal.AddOrganisationAsync(slug);
        var provider = (await Api.PostAsync(At("/api/providers"), """{"name":"P","slug":"p","base_url":"https://example.org/v1"}""")).Body.Id();
        var deployment = (await Api.PostAsync(At("/api/deployments"), $$"""{"name":"d","provider_id":"{{provider}}","upstream_model":"m"}""")).Body.Id();
        var one = (await Api.PostAsync(At("/api/models"), $$"""{"name":"one","deployments":[{"deployment_id":"{{deployment}}"}]}""")).Body.Id();
        var two = (await Api.PostAsync(At("/api/models"), $$"""{"name":"two","aliases":["zwei"],"deployments":[{"deployment_id":"{{deployment}}"}]}""")).Body.Id();
        return (deployment, one, two);
    }
}
