using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A dead gateway's requests are charged what they probably cost, and no more than they held: the budget may have had no more.</summary>
public sealed class OrphanedClampTests(StoresFixture stores, ITestOutputHelper output)
{
    private const long Cap = 10_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Orphan_WhoseAnswerWasCut_IsChargedNoMoreThanItHeld(bool byLimit)
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        await SpendingCallers.PriceAsync(world);
        // Room for some 900 output tokens.
        var budget = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, Cap);
        if (byLimit) await world.LimitAsync(ScopeKinds.Feature, "short", LimitUnits.OutputTokens, 70, onLimit: LimitActions.Clamp);
        var dying = await world.StartGatewayAsync("dying", "Gateway__Ledger__TimeoutMs=5000");
        await using var other = await world.StartGatewayAsync("other", "Gateway__Ledger__TimeoutMs=5000");
        // Answers have 850 tokens as far as the gateway knows; of the budget's rest a hundred and some can be paid.
        using (var first = await dying.ChatAsync(world.World.Key, Ask.Body(directives: "body-bytes=3400", maxTokens: 850), "first")) await first.Content.ReadAsStringAsync();
        await world.World.RecordAsync("first");
        await world.HoldsAsync(0);
        using var leaving = new CancellationTokenSource();
        var call = dying.ChatAsync(world.World.Key, Ask.Body(directives: "stall-before-first", maxTokens: 800), cancellationToken: leaving.Token, headers: ("x-gateway-feature", byLimit ? "short" : "long"));
        await world.World.Simulator.WaitForRequestAsync(request => !request.Finished && request.BodyLength > 0, TimeSpan.FromSeconds(30));
        var (settled, held) = await world.ReadAsync(budget);
        Assert.InRange(held, 1, Cap - settled);

        await dying.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        await world.SettledAsync(budget, TimeSpan.FromSeconds(60));

        var (after, _) = await world.ReadAsync(budget);
        output.WriteLine($"held {held}, charged {after - settled}");
        Assert.InRange(after - settled, 1, held);
    }
}
