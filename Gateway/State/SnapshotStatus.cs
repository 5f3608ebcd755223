namespace AspireGateway.Gateway.State;

/// <summary>What is known about the configuration's freshness, for readiness and metrics. Written by the refresher, read by anyone.</summary>
internal sealed class SnapshotStatus(SnapshotHolder holder, TimeProvider clock)
{
    private long verifiedTicks;
    private long reloads;
    private long reloadFailures;
    private long faults;
    private volatile bool storeUp;
    private volatile string? lastError;

    /// <summary>Revision of the current snapshot; 0 = nothing configured, or no snapshot.</summary>
    public long Revision => holder.Current?.Revision ?? 0;

    /// <summary>Where the current snapshot came from: <c>postgres</c>, <c>disk</c> or <c>none</c>.</summary>
    public string Source => holder.Current switch
    {
        null => "none",
        { FromDisk: true } => "disk",
        _ => "postgres",
    };

    /// <summary>When the current snapshot was last known to equal Postgres; null = there is no snapshot.</summary>
    public DateTimeOffset? VerifiedAt
    {
        get
        {
            if (holder.Current is not { } current) return null;
            var ticks = Interlocked.Read(ref verifiedTicks);
            return ticks == 0 ? current.LoadedAt : new DateTimeOffset(ticks, TimeSpan.Zero);
        }
    }

    /// <summary>Time since <see cref="VerifiedAt"/>; null = there is no snapshot.</summary>
    public TimeSpan? Age => VerifiedAt is { } at ? clock.GetUtcNow() - at : null;

    /// <summary>Whether Postgres answered the last time it was asked.</summary>
    public bool StoreUp => storeUp;

    /// <summary>Kind of the last failure while it lasts: <c>unreachable</c>, <c>timeout</c>, <c>refused</c>, <c>schema</c> or <c>unexpected</c>; null = none.</summary>
    public string? LastError => lastError;

    /// <summary>Snapshots that were read from Postgres since the start.</summary>
    public long Reloads => Interlocked.Read(ref reloads);

    /// <summary>Loads since the start that failed, or that had to leave something out or as it was.</summary>
    public long ReloadFailures => Interlocked.Read(ref reloadFailures);

    /// <summary>Single faults that those loads found.</summary>
    public long Faults => Interlocked.Read(ref faults);

    /// <summary>Things in the current snapshot that could not serve as they stand in Postgres.</summary>
    public int CurrentFaults => holder.Current?.Organisations.Values.Sum(organisation => organisation.Faults) ?? 0;

    /// <summary>Limits and budgets in force.</summary>
    public int Limits => holder.Current?.Spending.LimitCount ?? 0;

    internal void Loaded(SnapshotLoad load)
    {
        Interlocked.Exchange(ref verifiedTicks, clock.GetUtcNow().UtcTicks);
        storeUp = true;
        lastError = null;
        if (load.Kind == SnapshotLoadKind.Unchanged) return;
        Interlocked.Increment(ref reloads);
        if (load.Faults.Count == 0) return;
        Interlocked.Increment(ref reloadFailures);
        Interlocked.Add(ref faults, load.Faults.Count);
    }

    internal void Failed(string error, bool whileLoading)
    {
        storeUp = false;
        lastError = error;
        if (whileLoading) Interlocked.Increment(ref reloadFailures);
    }
}
