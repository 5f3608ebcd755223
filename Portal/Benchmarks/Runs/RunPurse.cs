namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>
/// A run's money in nano-USD. Before a request is sent, what it may cost at the very most is held; afterwards what it did cost takes that place. So the ceiling is not passed by requests that
/// run at the same time, as long as none costs more than the gateway said it could.
/// </summary>
internal sealed class RunPurse(long ceiling, long spent)
{
    private readonly Lock gate = new();
    private long settled = spent, held;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was spent so far.</summary>
    public long Spent
    {
        get
        {
            lock (gate) return settled;
        }
    }

    /// <summary>Holds an amount; waits for requests under way where their holds stand against it.</summary>
    /// <returns>False = it does not fit below the ceiling, whatever those come to.</returns>
    public async ValueTask<bool> HoldAsync(long most, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (settled + held + most <= ceiling)
                {
                    held += most;
                    return true;
                }
                if (settled + most > ceiling || held == 0) return false;
                wait = changed.Task;
            }
            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Settles a held amount.</summary>
    public void Settle(long most, long cost)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            held -= most;
            settled += cost;
            (before, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        before.SetResult();
    }
}
