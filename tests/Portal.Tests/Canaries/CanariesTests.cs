using System.Net;
using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Canaries;
using Microsoft.Extensions.Hosting;

namespace AspireGateway.Portal.Tests.Canaries;

/// <summary>Canaries in the control plane: begun, promoted, aborted, and rolled back by what gateways wrote.</summary>
public sealed class CanariesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Canary_BegunAndAborted_IsAsDocumented()
    {
        var (api, _) = await StartAsync();
        var canary = await api.MadeAsync("/api/canaries", """{"model":"fast-alias","deployment":"next","steps":[{"percent":5,"minutes":30},{"percent":50}]}""");
        Assert.Equal(
            ["created_at", "created_by", "deployment_id", "ended_at", "ended_by", "guards", "id", "min_requests", "model", "reason", "status", "steps", "sticky"],
            canary.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("fast", "user", "running"), (canary.Text("model"), canary.Text("sticky"), canary.Text("status")));
        Assert.Equal(0.02, canary["guards"]!["max_error_increase"]!.GetValue<double>());
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/canaries", """{"model":"fast","deployment":"next","steps":[{"percent":5}]}""")).Status);
        Assert.Equal("next", Assert.Single(await api.ItemsAsync("/api/canaries")).Text("deployment"));

        var (status, aborted) = await api.PostAsync($"/api/canaries/{canary.Id()}/abort", """{"reason":"No need."}""");
        Assert.Equal((HttpStatusCode.OK, "aborted", "No need."), (status, aborted.Text("status"), aborted.Text("reason")));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"/api/canaries/{canary.Id()}/abort", "{}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"/api/canaries/{canary.Id()}/promote")).Status);
        Assert.Equal(["canary.abort", "canary.create"], (await api.ItemsAsync($"/api/audit?target_id={canary.Id()}")).Select(a => a.Text("action")));
        // Another one may begin.
        await api.MadeAsync("/api/canaries", """{"model":"fast","deployment":"next","steps":[{"percent":100}],"guards":{"max_latency_ratio":2}}""");
    }

    [Fact]
    public async Task Promoted_Canary_IsTheModelsFirstDeployment_AndTheOthersFallbacks()
    {
        var (api, next) = await StartAsync();
        var canary = (await api.MadeAsync("/api/canaries", """{"model":"fast","deployment":"next","steps":[{"percent":5}]}""")).Id();
        Assert.Equal("promoted", (await api.PostAsync($"/api/canaries/{canary}/promote")).Body.Text("status"));
        var model = Assert.Single(await api.ItemsAsync("/api/models"), m => m.Text("name") == "fast");
        Assert.Equal(next, model["deployments"]!.AsArray()[0].Id("deployment_id"));
        Assert.Equal((2, "priority"), (model["deployments"]!.AsArray().Count, model.Text("strategy")));
    }

    [Fact]
    public async Task Rollback_WrittenByAGateway_EndsTheCanary()
    {
        var (api, _) = await StartAsync();
        var canary = (await api.MadeAsync("/api/canaries", """{"model":"fast","deployment":"next","steps":[{"percent":5}]}""")).Id();
        await portal.ScalarAsync<Guid>($$"""
            insert into steering_events (id, organisation_id, type, subject_id, occurrence, detail, at)
            values ('{{Guid.CreateVersion7()}}', '{{api.Organisation}}', 'canary.trip', '{{canary}}', '', '{"guard":"latency_p95"}', now()) returning id
            """);
        var worker = Assert.Single(portal.Get<IEnumerable<IHostedService>>().OfType<CanaryWorker>());
        await worker.RollBackAsync(default);
        await worker.RollBackAsync(default);

        var ended = (await api.GetAsync($"/api/canaries/{canary}")).Body;
        Assert.Equal(("rolled_back", "latency_p95", "gateway"), (ended.Text("status"), ended.Text("reason"), ended.Text("ended_by")));
        Assert.Single(await api.ItemsAsync($"/api/audit?target_id={canary}"), a => a.Text("action") == "canary.roll_back");
    }

    [Theory]
    [InlineData("""{"deployment":"next","steps":[{"percent":5}]}""", "model")]
    [InlineData("""{"model":"slow","deployment":"next","steps":[{"percent":5}]}""", "model")]
    [InlineData("""{"model":"fast","deployment":"none","steps":[{"percent":5}]}""", "deployment")]
    [InlineData("""{"model":"fast","deployment":"d-fast","steps":[{"percent":5}]}""", "deployment")]
    [InlineData("""{"model":"fast","deployment":"next"}""", "steps")]
    [InlineData("""{"model":"fast","deployment":"next","steps":[{"percent":101}]}""", "steps")]
    [InlineData("""{"model":"fast","deployment":"next","steps":[{"percent":5},{"percent":10}]}""", "steps")]
    [InlineData("""{"model":"fast","deployment":"next","steps":[{"percent":10,"minutes":1},{"percent":5}]}""", "steps")]
    [InlineData("""{"model":"fast","deployment":"next","steps":[{"percent":5}],"guards":{"max_cost_ratio":0.5}}""", "guards")]
    [InlineData("""{"model":"fast","deployment":"next","steps":[{"percent":5}],"sticky":"moon"}""", "sticky")]
    public async Task Canary_ThatCannotBe_NamesItsField(string body, string field)
    {
        var (api, _) = await StartAsync();
        Assert.Equal([field], await api.FaultsAsync("/api/canaries", body));
    }

    [Theory]
    [InlineData("5 for 30, 25 for 60, 50", "5:30 25:60 50:")]
    [InlineData("5 % for 0.5,100%", "5:0.5 100:")]
    [InlineData("5 for", null)]
    [InlineData("much", null)]
    [InlineData("", null)]
    public void Ramp_IsReadAsItIsTyped(string text, string? steps) =>
        Assert.Equal(steps, RampText.Read(text) is { } read ? string.Join(' ', read.Select(s => FormattableString.Invariant($"{s.Percent}:{s.Minutes}"))) : null);

    [Fact]
    public void Interval_OfAnErrorRate_IsWilsons()
    {
        var counts = new ArmCounts();
        for (var i = 0; i < 10; i++) counts.Fail();
        for (var i = 0; i < 90; i++) counts.Serve(1_000_000, 100);
        var arm = ArmStanding.Of(counts);
        // 10 of 100: 5.52 % to 17.44 %.
        Assert.Equal((0.1, 0.0552, 0.1744), (arm.ErrorRate, Math.Round(arm.ErrorRateLow, 4), Math.Round(arm.ErrorRateHigh, 4)));
        Assert.Equal((0, 1), (ArmStanding.Of(new()).ErrorRateLow, ArmStanding.Of(new()).ErrorRateHigh));
    }

    private async Task<(PortalApi Api, Guid Next)> StartAsync()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var provider = (await api.ItemsAsync("/api/providers")).Single().Id();
        return (api, (await api.MadeAsync("/api/deployments", $$"""{"name":"next","provider_id":"{{provider}}","upstream_model":"m2"}""")).Id());
    }
}
