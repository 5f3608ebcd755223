namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>What the tasks of one run share.</summary>
internal sealed class RunWork(LeasedRun run, string secret, RunPurse purse, BenchmarkEstimate estimate, IReadOnlyDictionary<(string Provider, string Deployment), string> upstreams)
{
    private volatile bool lost;
    private string? ending;

    /// <summary>The run under its lease.</summary>
    public LeasedRun Run => run;

    /// <summary>Secret of its key.</summary>
    public string Secret => secret;

    /// <summary>Its money.</summary>
    public RunPurse Purse => purse;

    /// <summary>What was estimated.</summary>
    public BenchmarkEstimate Estimate => estimate;

    /// <summary>Providers' names of models by what replies say of who served.</summary>
    public IReadOnlyDictionary<(string Provider, string Deployment), string> Upstreams => upstreams;

    /// <summary>Whether the lease is gone.</summary>
    public bool IsLost => lost;

    /// <summary>Why it has to stop; null = it may go on.</summary>
    public string? Ending => Volatile.Read(ref ending);

    /// <summary>Whether nothing new may be begun.</summary>
    public bool IsOver => lost || Ending is not null;

    /// <summary>The lease is gone: nothing may be written any more.</summary>
    public void Lose() => lost = true;

    /// <summary>Stops it; the first reason stays.</summary>
    public void End(string reason) => Interlocked.CompareExchange(ref ending, reason, null);
}
