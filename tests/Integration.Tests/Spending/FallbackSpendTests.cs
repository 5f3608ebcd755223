using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What fallbacks and failed attempts do to a budget, to the nano-dollar.</summary>
public sealed class FallbackSpendTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task BudgetWithoutRoom_LegForIt_ServesCheaper_AndTheBudgetHoldsThere()
    {
        var provider = Assert.Single(await world.World.Configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await world.World.Configuration.IdsAsync("select id from credentials where name = 'main'"));
        // A hundred times as dear as the usual one.
        await AddModelAsync("dear", provider, credential, "sim-dear", """{"input":15000000000,"output":60000000000}""", """{"fallbacks":[{"to":"small","budget":true}]}""");
        var key = await world.AddKeyAsync("hold_policy = 'exact'");
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Total, 400_000);
        await world.AppliedAsync(gateway);

        using var cheaper = await gateway.ChatAsync(key.Secret, Ask.Body(model: "dear"), "leg-for-a-budget");
        Assert.Equal(
            (200, "small", "dear", "fallback_budget"),
            ((int)cheaper.StatusCode, Ask.Header(cheaper, "x-gateway-model"), Ask.Header(cheaper, "x-gateway-downgraded-from"), Ask.Header(cheaper, "x-gateway-route-reason")));
        var record = await world.World.RecordAsync("leg-for-a-budget");
        Assert.Equal(("small", "sim-second"), (record.Model, record.Deployment));
        await SettledAsync(budget, record.CostNanoUsd);

        // Where there is no room for the cheaper one either, nobody serves.
        var poor = await world.AddKeyAsync();
        var spent = await world.BudgetAsync(ScopeKinds.Key, poor.Id.ToString(), BudgetPeriods.Total, 100);
        await world.AppliedAsync(gateway);
        Assert.Equal((402, "budget_exceeded"), await Ask.StatusAsync(gateway, poor.Secret, Ask.Body(model: "dear")));
        await SettledAsync(spent, 0);
    }

    [Fact]
    public async Task BilledFailure_IsCharged_AndUnderAnExactBudgetNothingElseIsTried()
    {
        var provider = await world.World.Configuration.AddProviderAsync(world.World.Organisation, "gem", new Uri(world.World.Simulator.BaseUrl, "v1beta").ToString(), "gemini");
        await world.World.Configuration.WriteAsync([new(ConfigurationKinds.Provider, provider, world.World.Organisation)], "update providers set is_private = true where id = $1", provider);
        var credential = await world.World.Configuration.AddCredentialAsync(world.World.Organisation, provider, "gem");
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, credential, world.World.Organisation)],
            "update credentials set secret_envelope = $2 where id = $1", credential, new SecretBox(world.World.MasterKey).Seal("AIza-canary-5f1d7c2e9b", credential));
        await AddModelAsync("filtered", provider, credential, "gemini-2.5-flash", """{"input":150000000,"output":600000000}""", """{"fallbacks":[{"to":"small","content_filter":true}]}""");
        var bound = await world.AddKeyAsync("hold_policy = 'exact'");
        var free = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, bound.Id.ToString(), BudgetPeriods.Total, 10_000_000);
        await world.AppliedAsync(gateway);
        var body = Ask.Body("Hello", "block-reason=SAFETY; prompt-tokens=40", model: "filtered");

        // The prompt was read and is billed; what is held is for one answer, so the leg is not taken.
        using (var refused = await gateway.ChatAsync(bound.Secret, body, "billed-bound"))
            Assert.Equal((400, "1"), ((int)refused.StatusCode, Ask.Header(refused, "x-gateway-attempts")));
        var failed = await world.World.RecordAsync("billed-bound");
        Assert.Equal((UsageStatuses.Failed, 40L, 40 * 150L), (failed.Status, failed.InputTokens, failed.CostNanoUsd));
        await SettledAsync(budget, failed.CostNanoUsd);
        using (var refused = await gateway.ChatAsync(bound.Secret, body.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal), "billed-stream"))
            Assert.Equal((400, "1"), ((int)refused.StatusCode, Ask.Header(refused, "x-gateway-attempts")));
        Assert.Equal(40 * 150L, (await world.World.RecordAsync("billed-stream")).CostNanoUsd);
        await SettledAsync(budget, 2 * failed.CostNanoUsd);

        // Without a budget the other one answers, and both are in the cost.
        using (var answered = await gateway.ChatAsync(free.Secret, body, "billed-free"))
            Assert.Equal((200, "2", "fallback_content_filter"), ((int)answered.StatusCode, Ask.Header(answered, "x-gateway-attempts"), Ask.Header(answered, "x-gateway-route-reason")));
        var both = await world.World.RecordAsync("billed-free");
        Assert.Equal(80, both.InputTokens);
        Assert.Equal(80 * 150 + both.OutputTokens * 600, both.CostNanoUsd);
    }

    private async Task AddModelAsync(string name, Guid provider, Guid credential, string upstream, string price, string reliability)
    {
        var configuration = world.World.Configuration;
        var deployment = await configuration.AddDeploymentAsync(world.World.Organisation, "d-" + name, provider, upstream, credential);
        await configuration.AddPriceAsync(world.World.Organisation, deployment, price, DateTimeOffset.UnixEpoch);
        await configuration.AddModelAsync(world.World.Organisation, name, [deployment]);
        var model = Assert.Single(await configuration.IdsAsync("select id from models where name = $1", name));
        await configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.World.Organisation)], "update models set reliability = $2::jsonb where id = $1", model, reliability);
    }

    private Task<TimeSpan> SettledAsync(Guid budget, long nanoUsd) => Stores.Eventually.HoldsAsync(
        async () => await world.ReadAsync(budget) == (nanoUsd, 0), TimeSpan.FromSeconds(20), $"the budget has settled {nanoUsd} nano-USD and holds nothing");
}
