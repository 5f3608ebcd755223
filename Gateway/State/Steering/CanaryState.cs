using AspireGateway.Shared.Canaries;

namespace AspireGateway.Gateway.State.Steering;

/// <summary>How a canary stands, as this gateway knows: requests read it, the keeper of canaries writes it.</summary>
internal sealed class CanaryState
{
    private volatile string? brokenGuard;
    private volatile int stage;

    /// <summary>What this gateway counted of the canary and did not pass on yet.</summary>
    public ArmTally Canary { get; } = new();

    /// <summary>The same of all other requests of the model.</summary>
    public ArmTally Baseline { get; } = new();

    /// <summary>The step of the ramp, from 0.</summary>
    public int Stage { get => stage; set => stage = value; }

    /// <summary>The guard that it broke, after which it gets nothing; null = none.</summary>
    public string? BrokenGuard => brokenGuard;

    /// <summary>Ends it, at once and for good.</summary>
    public void Trip(string guard) => brokenGuard ??= guard;
}

/// <summary>Counts until somebody takes the counts away.</summary>
internal sealed class ArmTally
{
    private readonly Lock gate = new();
    private ArmCounts counts = new();

    /// <summary>Counts a request that failed.</summary>
    public void Fail()
    {
        lock (gate) counts.Fail();
    }

    /// <summary>Counts a request that was served.</summary>
    public void Serve(long latencyUs, double? costMicroUsd)
    {
        lock (gate) counts.Serve(latencyUs, costMicroUsd);
    }

    /// <summary>Counts a vote on the quality of a reply, 0 to 1.</summary>
    public void Vote(double score)
    {
        lock (gate) counts.Vote(score);
    }

    /// <summary>Adds what was counted since the last time to other counts.</summary>
    public void DrainInto(ArmCounts sums)
    {
        lock (gate)
        {
            if (counts.Requests == 0 && counts.Votes == 0) return;
            sums.Add(counts);
            counts = new ArmCounts();
        }
    }
}
