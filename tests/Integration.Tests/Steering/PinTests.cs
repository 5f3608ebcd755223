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
        await using var detail = source.CreateCommand("select detail ->> 'served', detail ->> 'expected' from steering_events where type = 'pin.mismatch'");
        await using var reader = await detail.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(("sim-small-2026-02-02", "sim-small-2025-12-31"), (reader.GetString(0), reader.GetString(1)));
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

    private async Task<int> EventsAsync() => (await World.Configuration.IdsAsync("select id from steering_events where type = 'pin.mismatch'")).Length;

    private async Task PinAsync(string feature, Guid deployment, string version, string? servedAs)
    {
        var id = Guid.CreateVersion7();
        await World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Pin, id, World.Organisation)],
            """
            insert into pins (id, organisation_id, scope_kind, scope_id, model, deployment_id, version, served_as, on_unavailable, created_at, created_by)
            values ($1, $2, 'feature', $3, 'chain', $4, $5, $6, 'fail', now(), 'test')
            """,
            id, World.Organisation, feature, deployment, version, servedAs);
    }
}
