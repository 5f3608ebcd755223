namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Reads a budget from the ledger over and over, as somebody who does not trust it.</summary>
internal sealed class BudgetSampler : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> faults = [];
    private readonly SpendingWorld world;
    private readonly Guid budget;
    private readonly long cap;
    private readonly Task sampling;

    private BudgetSampler(SpendingWorld world, Guid budget, long cap)
    {
        this.world = world;
        this.budget = budget;
        this.cap = cap;
        sampling = Task.Run(SampleAsync);
    }

    /// <summary>Moments at which it was read.</summary>
    public int Samples { get; private set; }

    /// <summary>The most that was held at any of them, in nano-USD.</summary>
    public long MostHeld { get; private set; }

    /// <summary>Begins.</summary>
    public static BudgetSampler Start(SpendingWorld world, Guid budget, long cap) => new(world, budget, cap);

    /// <summary>Ends, and throws if <c>settled + held &lt;= cap</c> did not hold at some moment.</summary>
    public async Task EndAsync(int atLeast)
    {
        await stop.CancelAsync();
        await sampling;
        Assert.Empty(faults);
        Assert.True(Samples >= atLeast, $"{Samples} samples are too few to say anything");
        Assert.True(MostHeld > 0, "nothing was ever held");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await sampling;
        stop.Dispose();
    }

    private async Task SampleAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (settled, held) = await world.ReadAsync(budget);
                Samples++;
                MostHeld = Math.Max(MostHeld, held);
                if (settled < 0 || held < 0 || settled + held > cap) faults.Add($"sample {Samples}: settled {settled}, held {held}, cap {cap}");
                await Task.Delay(1);
            }
            catch (StackExchange.Redis.RedisException)
            {
                // Redis is away, which may be what the test is about; sampling goes on when it is back.
                await Task.Delay(20);
            }
        }
    }
}
