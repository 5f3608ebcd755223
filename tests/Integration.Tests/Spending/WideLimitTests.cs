using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Limits across organisations stand in a ledger of their own; a refusal there gives back what the organisation's granted.</summary>
public sealed class WideLimitTests(StoresFixture stores)
{
    [Fact]
    public async Task RefusedAcrossOrganisations_AndAskedAgainForACheaperModel_HoldsAndBooksOnce()
    {
        const int Requests = 600, AtOnce = 64;
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        var limit = Guid.CreateVersion7();
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Limit, limit, Guid.Empty)],
            """
            insert into limits (id, organisation_id, scope_kind, scope_id, unit, amount, period, on_limit, downgrade_model, created_at, created_by)
            values ($1, $2, 'model', 'chain', 'requests', 1, 'day', 'downgrade', 'small', now(), 'test')
            """,
            limit, Guid.Empty);
        var budget = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, 1_000_000_000_000);
        await world.LimitAsync(ScopeKinds.Organisation, null, LimitUnits.Concurrency, 1_000);
        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();
        await world.OpenedAsync(isWide: true);

        var left = Requests;
        var callers = Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0) Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.World.Key, Ask.Body(model: "chain")));
        }));
        await Task.WhenAll(callers);

        await world.SettledAsync(budget, TimeSpan.FromSeconds(30));
        Assert.Equal(0, await world.HoldsAsync());
        // No place is taken any more, by anybody.
        Assert.Contains("c:", await world.MetersAsync(), StringComparison.Ordinal);
        Assert.All((await world.MetersAsync()).Split('\n').Where(meter => meter.StartsWith("c:", StringComparison.Ordinal)), meter => Assert.EndsWith(" 0000000000000000", meter, StringComparison.Ordinal));
        Assert.Equal(Requests - 1, (await world.World.RecordsAsync()).Count(record => record.Model == "small"));
    }
}
