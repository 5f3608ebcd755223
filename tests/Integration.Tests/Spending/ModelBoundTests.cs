using System.Net;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What is held for output is what the provider is told it may write.</summary>
public sealed class ModelBoundTests(StoresFixture stores)
{
    [Fact]
    public async Task Budget_OfACallerWhoAsksForMoreThanTheModelHas_IsNotOverspent()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var deployment = (await world.World.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"))[0];
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Deployment, deployment, world.World.Organisation)], "update deployments set max_output_tokens = 20 where id = $1", deployment);
        await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();

        // The provider goes by what it is asked for: it would answer with a hundred.
        using var response = await gateway.ChatAsync(
            world.World.Key, """{"model":"small","max_tokens":100,"messages":[{"role":"user","content":"[[sim: body-bytes=4000]]"}]}""", "req-more");
        await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("20", Assert.Single(response.Headers.GetValues("x-gateway-max-tokens-clamped")));
        Assert.Equal(20, (await world.World.RecordAsync("req-more")).OutputTokens);
    }
}
