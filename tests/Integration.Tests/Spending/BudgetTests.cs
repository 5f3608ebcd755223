using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Budgets as callers meet them.</summary>
public sealed class BudgetTests(StoresFixture stores)
{
    private const string Body = """{"model":"small","max_tokens":100,"messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task Budget_UsedUp_RefusesWith402AndItsNumbers()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        // A request of this kind may cost 0.15 x (body + overhead) + 0.6 x 100 micro-dollars.
        var budget = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, 400_000);
        await using var gateway = await world.StartGatewayAsync();
        var served = 0;
        HttpResponseMessage response;
        while ((response = await gateway.ChatAsync(world.World.Key, Body)).StatusCode == HttpStatusCode.OK)
        {
            Assert.True(served++ < 100);
            await response.Content.ReadAsStringAsync();
        }

        Assert.True(served > 0);
        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal("budget_exceeded", error.GetProperty("code").GetString());
        Assert.Matches("The monthly budget of team 'blue' has no room: .* of \\$0\\.0004 settled", error.GetProperty("message").GetString());
        await world.SettledAsync(budget, TimeSpan.FromSeconds(20));
        var (settled, _) = await world.ReadAsync(budget);
        Assert.InRange(settled, 1, 400_000);
    }

    [Fact]
    public async Task Budget_OfACallerWhoAsksForMoreThanTheModelHas_IsNotOverspent()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var deployment = (await world.World.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"))[0];
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Deployment, deployment, world.World.Organisation)], "update deployments set max_output_tokens = 20 where id = $1", deployment);
        await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await using var gateway = await world.StartGatewayAsync();

        // The provider goes by what it is asked for: it would answer with a hundred.
        using var response = await gateway.ChatAsync(
            world.World.Key, """{"model":"small","max_tokens":100,"messages":[{"role":"user","content":"[[sim: body-bytes=4000]]"}]}""", "req-more");
        await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("20", Assert.Single(response.Headers.GetValues("x-gateway-max-tokens-clamped")));
        Assert.Equal(20, (await world.World.RecordAsync("req-more")).OutputTokens);
    }
}
