using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>
/// A budget that callers use up over four gateways while something goes wrong. Whatever it is: no overspending at any sampled moment, no record lost or
/// doubled, and at the end nothing is held and the records are what is settled.
/// </summary>
internal sealed class BudgetUnderChaos : IAsyncDisposable
{
    private const long Cap = 3_000_000_000;
    private const int CallersAtOnce = 24;
    private const int LeastServed = 100;

    // The lease is 15 s, from the last beat; a beat finds the dead, the books have a few seconds to say what became of their requests, and then say what was
    // decided.
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(60);

    private readonly BudgetSampler sampler;
    private readonly CancellationTokenSource stop = new();
    private readonly Task calling;
    private readonly Guid budget, wide;

    private BudgetUnderChaos(SpendingWorld world, GatewayFleet fleet, Guid budget, Guid wide, int seed, Func<Random, CallTrouble>? trouble)
    {
        World = world;
        Fleet = fleet;
        this.budget = budget;
        this.wide = wide;
        sampler = BudgetSampler.Start(world, budget, Cap);
        Callers = new(world, fleet, seed);
        calling = Callers.CallAsync(CallersAtOnce, stop.Token, trouble);
    }

    /// <summary>The installation.</summary>
    public SpendingWorld World { get; }

    /// <summary>Its gateways.</summary>
    public GatewayFleet Fleet { get; }

    /// <summary>Who calls them.</summary>
    public SpendingCallers Callers { get; }

    /// <summary>Requests that were served so far.</summary>
    public int Served => Callers.Outcomes.Count(call => call.IsServed);

    /// <summary>Sets it up and lets the callers begin.</summary>
    /// <param name="database">A fresh database.</param>
    /// <param name="seed">Of the callers' choices.</param>
    /// <param name="trouble">What goes wrong with requests; null = nothing does.</param>
    public static async Task<BudgetUnderChaos> StartAsync(string database, int seed, Func<Random, CallTrouble>? trouble = null)
    {
        var world = await SpendingWorld.CreateAsync(database);
        try
        {
            // Answers that stall must end some time.
            await world.World.ChangeProviderAsync("first_byte_timeout_ms = 1500, idle_timeout_ms = 1500");
            await SpendingCallers.PriceAsync(world);
            var used = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, Cap);
            // Across organisations, in a ledger of its own; it has room and counts the same.
            var roomy = await world.BudgetAsync(ScopeKinds.Global, null, BudgetPeriods.Monthly, 10 * Cap);
            return new(world, await GatewayFleet.StartAsync(world), used, roomy, seed, trouble);
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until so many more requests were served.</summary>
    public Task ServesAsync(int more)
    {
        var before = Served;
        return Eventually.HoldsAsync(() => Served >= before + more, TimeSpan.FromSeconds(60), $"{more} more requests are served");
    }

    /// <summary>Lets the callers use up the rest, stops them, and compares.</summary>
    /// <returns>What to print.</returns>
    public async Task<string> EndAsync(bool mayBeOrphaned = false)
    {
        await Eventually.HoldsAsync(() => Callers.Outcomes.Any(call => call.IsOverBudget), TimeSpan.FromSeconds(60), "the budget is used up");
        await stop.CancelAsync();
        await calling;
        var took = await World.SettledAsync(budget, Return);
        await World.SettledAsync(wide, Return, isWide: true);
        await sampler.EndAsync(atLeast: 50);
        await Bookkeeping.HoldsAsync(World, Callers, mayBeOrphaned);
        var (settled, _) = await World.ReadAsync(budget);
        // Estimates, aborted answers and holds of the dead are in it; what is surely in it is what callers got.
        Assert.InRange(settled, 1, Cap);
        Assert.True(Served >= LeastServed);
        return $"{Callers.Outcomes.Count} requests, {Served} served, settled {settled} of {Cap}, nothing held after {took.TotalSeconds:0.0} s, {sampler.Samples} samples";
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await calling;
        await sampler.DisposeAsync();
        await World.DisposeAsync();
        stop.Dispose();
    }
}
