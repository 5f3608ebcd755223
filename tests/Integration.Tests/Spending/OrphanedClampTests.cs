using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A dead gateway that does not come back: its requests are charged what they held, for that is all that is known, and the budget may have had no more.</summary>
public sealed class OrphanedClampTests(StoresFixture stores, ITestOutputHelper output)
{
    private const long Cap = 10_000_000;

    [Fact]
    public async Task Orphans_WhoseAnswersWereCut_AreChargedWhatTheyHeld()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        await SpendingCallers.PriceAsync(world);
        // Room for some 950 output tokens.
        var budget = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, Cap);
        await world.LimitAsync(ScopeKinds.Feature, "short", LimitUnits.OutputTokens, 20, onLimit: LimitActions.Clamp);
        var dying = await world.StartGatewayAsync("dying", SpendingWorld.Patient);
        await using var other = await world.StartGatewayAsync("other", SpendingWorld.Patient, SpendingWorld.ShortlyAwaited);
        await world.OpenedAsync();
        // Answers have 850 tokens as far as the gateway knows.
        using (var first = await dying.ChatAsync(world.World.Key, Ask.Body(directives: "body-bytes=3400", maxTokens: 850), "first")) await first.Content.ReadAsStringAsync();
        await world.World.RecordAsync("first");
        await world.HoldsAsync(0);
        // One is cut by a limit, the other one to what the budget has left.
        var (settled, held) = (0L, 0L);
        var calls = new List<Task>();
        var most = new Dictionary<string, long>(StringComparer.Ordinal);
        using var leaving = new CancellationTokenSource();
        foreach (var feature in (string[])["short", "long"])
        {
            calls.Add(dying.ChatAsync(world.World.Key, Ask.Body(directives: "stall-before-first", maxTokens: 800), feature, leaving.Token, ("x-gateway-feature", feature)));
            await Eventually.HoldsAsync(() => world.World.Simulator.Requests.Count(request => !request.Finished && request.BodyLength > 0) == calls.Count, TimeSpan.FromSeconds(30), "the provider has it");
            var before = held;
            (settled, held) = await world.ReadAsync(budget);
            Assert.InRange(held, before + 1, Cap - settled);
            most[feature] = held - before;
        }

        await dying.KillAsync();
        foreach (var call in calls) await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        await world.SettledAsync(budget, TimeSpan.FromSeconds(60));

        foreach (var (feature, heldFor) in most)
        {
            var record = await world.World.RecordAsync(feature);
            output.WriteLine($"{feature}: held {heldFor}, charged {record.CostNanoUsd}");
            Assert.Equal(("orphaned", true), (record.Status, record.Estimated));
            // It does not come back to say what it was.
            Assert.Equal(heldFor, record.CostNanoUsd);
        }
        Assert.InRange((await world.ReadAsync(budget)).Settled, settled + 1, Cap);
    }
}
