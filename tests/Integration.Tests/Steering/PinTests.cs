using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Integration.Tests.Steering;

/// <summary>Pins at a real gateway: the exact version is asked for, nothing else answers, and another one in the reply is noticed.</summary>
public sealed class PinTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayWorld World => fixture.World;

    [Fact]
    public async Task Pin_OfAFeature_AsksForItsVersion_FailsRatherThanLeave_AndSeesAnotherOneServed()
    {
        var second = Assert.Single(await World.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        await PinAsync("pinned", second, "sim-small-2026-01-01", null);
        await PinAsync("drifted", second, "sim-small-2026-02-02", "sim-small-2025-12-31");
        await Eventually.HoldsAsync(
            async () => (await ReasonAsync("pinned"), await ReasonAsync("drifted")) == ("pin", "pin"), TimeSpan.FromSeconds(20), "the pins are known");

        var before = World.Simulator.Requests.Count;
        using (var served = await fixture.Gateway.ChatAsync(World.Key, Ask.Body(model: "chain"), headers: ("x-gateway-feature", "pinned")))
            Assert.Equal(("sim-second", "1"), (Ask.Header(served, "x-gateway-deployment"), Ask.Header(served, "x-gateway-attempts")));
        Assert.Contains("sim-small-2026-01-01", World.Simulator.Requests.Skip(before).Select(r => r.Model));
        await MismatchAsync();

        // The other deployment would answer, but it is another version.
        Assert.Equal((503, "pin_unavailable"), await Ask.StatusAsync(fixture.Gateway, World.Key, Ask.Body("Hello", "status=500", model: "chain"), ("x-gateway-feature", "pinned")));

        await Eventually.HoldsAsync(async () => await EventsAsync() == 1, TimeSpan.FromSeconds(20), "the mismatch is announced once");
        await using var source = NpgsqlDataSource.Create(World.Database);
        await using var detail = source.CreateCommand("select detail ->> 'served', detail ->> 'expected' from steering_events where type = 'pin.mismatch' and detail ->> 'expected' = 'sim-small-2025-12-31'");
        await using var reader = await detail.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(("sim-small-2026-02-02", "sim-small-2025-12-31"), (reader.GetString(0), reader.GetString(1)));
    }

    [Fact]
    public async Task PassThrough_IsHeldToThePin_InTheCallersDialect_AndItsRepliesAreCompared()
    {
        var second = Assert.Single(await World.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        await PinAsync("direct", second, "sim-small-2026-03-03", "sim-small-2025-01-01");
        await PinAsync("loose", second, "sim-small-2026-03-03", null, "allow");
        await Eventually.HoldsAsync(async () => (await ReasonAsync("direct"), await ReasonAsync("loose")) == ("pin", "pin"), TimeSpan.FromSeconds(20), "the pins are known");

        // The model has these two behind it; the pinned version has no deployment of its own.
        foreach (var other in (string[])["sim-small", "sim-large"])
        {
            using var refused = await PassAsync("direct", other);
            var (code, message) = await Ask.ErrorAsync(refused);
            Assert.Equal((403, "model_not_allowed"), ((int)refused.StatusCode, code));
            Assert.Contains($"Requests of feature 'direct' for model 'chain' are pinned to version 'sim-small-2026-03-03' (deployment 'sim-second' of provider 'sim'), and this request names '{other}'", message, StringComparison.Ordinal);
        }
        // Nor is a chat's own way of naming a provider's model a way past it.
        Assert.Equal((403, "model_not_allowed"), await Ask.StatusAsync(fixture.Gateway, World.Key, Ask.Body(model: "sim/sim-small"), ("x-gateway-feature", "direct")));
        using (var free = await fixture.Gateway.ChatAsync(World.Key, Ask.Body(model: "sim/sim-small"), headers: ("x-gateway-feature", "loose")))
            Assert.Equal((200, "direct"), ((int)free.StatusCode, Ask.Header(free, "x-gateway-route-reason")));
        using var anthropic = await PassAsync("direct", "sim-small", ("anthropic-version", "2023-06-01"));
        Assert.Equal("permission_error", (await anthropic.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("type").GetString());
        using (var free = await PassAsync("loose", "sim-small")) Assert.Equal((200, "pass_through"), ((int)free.StatusCode, Ask.Header(free, "x-gateway-route-reason")));

        var before = await fixture.Gateway.MetricAsync("llm_pin_mismatch_total");
        using (var served = await PassAsync("direct", "sim-small-2026-03-03"))
            Assert.Equal((200, "pin"), ((int)served.StatusCode, Ask.Header(served, "x-gateway-route-reason")));
        await Eventually.HoldsAsync(async () => await fixture.Gateway.MetricAsync("llm_pin_mismatch_total") > before, TimeSpan.FromSeconds(20), "another version than the pin's was served");
    }

    private async Task<HttpResponseMessage> PassAsync(string feature, string model, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/providers/sim/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Authorization", "Bearer " + World.Key);
        request.Headers.Add("x-gateway-feature", feature);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await fixture.Gateway.Http.SendAsync(request);
    }

    private async Task MismatchAsync()
    {
        var before = await fixture.Gateway.MetricAsync("llm_pin_mismatch_total");
        // The served version is the pinned one here, and another one there.
        await ReasonAsync("pinned");
        await ReasonAsync("drifted");
        await Eventually.HoldsAsync(async () => await fixture.Gateway.MetricAsync("llm_pin_mismatch_total") > before, TimeSpan.FromSeconds(20), "one mismatch is counted");
    }

    private async Task<string> ReasonAsync(string feature)
    {
        using var response = await fixture.Gateway.ChatAsync(World.Key, Ask.Body(model: "chain"), headers: ("x-gateway-feature", feature));
        return Ask.Header(response, "x-gateway-route-reason");
    }

    private async Task<int> EventsAsync() => (await World.Configuration.IdsAsync("select id from steering_events where type = 'pin.mismatch' and detail ->> 'expected' = 'sim-small-2025-12-31'")).Length;

    private async Task PinAsync(string feature, Guid deployment, string version, string? servedAs, string policy = "fail")
    {
        var id = Guid.CreateVersion7();
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Pin, id, World.Organisation)],
            """
            insert into pins (id, organisation_id, scope_kind, scope_id, model, deployment_id, version, served_as, on_unavailable, created_at, created_by)
            values ($1, $2, 'feature', $3, 'chain', $4, $5, $6, $7, now(), 'test')
            """,
            id, World.Organisation, feature, deployment, version, servedAs, policy);
    }
}
