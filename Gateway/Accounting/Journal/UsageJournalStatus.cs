namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>How the journal is doing, for health, metrics and the portal.</summary>
internal sealed class UsageJournalStatus(UsageJournal journal, RejectedRecords rejected, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    private long shipped;
    private long oldestPendingUs;
    private int storeState;
    private volatile bool isRecovered;

    /// <summary>Records that are closed and not yet in Postgres.</summary>
    public long Depth => journal.Depth;

    /// <summary>Bytes of the journal on disk.</summary>
    public long Bytes => journal.BytesOnDisk;

    /// <summary>Requests that are running.</summary>
    public int OpenCount => journal.OpenCount;

    /// <summary>False while new requests must be refused for lack of room.</summary>
    public bool IsAccepting => journal.IsAccepting;

    /// <summary>True once what earlier processes left has been looked through; before that <see cref="Depth"/> does not count it.</summary>
    public bool IsRecovered { get => isRecovered; set => isRecovered = value; }

    /// <summary>How long ago the oldest record of the batch in hand arrived; zero when nothing waits.</summary>
    public TimeSpan OldestPendingAge
    {
        get
        {
            var us = Interlocked.Read(ref oldestPendingUs);
            if (us == 0) return TimeSpan.Zero;
            var age = time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);
            return age < TimeSpan.Zero ? TimeSpan.Zero : age;
        }
    }

    /// <summary>Records that this process has brought to Postgres.</summary>
    public long ShippedCount => Interlocked.Read(ref shipped);

    /// <summary>Records that Postgres refused for their data.</summary>
    public long RejectedCount => rejected.Count;

    /// <summary>Waits until everything that is closed now is in Postgres, or was refused by it.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task WaitUntilShippedAsync(CancellationToken cancellationToken)
    {
        var target = journal.ClosedTotal;
        while (!IsRecovered || journal.ShippedTotal < target) await Task.Delay(LookEvery, time, cancellationToken);
    }

    /// <summary>Whether the last attempt to write to Postgres succeeded; null = none was made yet.</summary>
    public bool? IsStoreUp
    {
        get => Volatile.Read(ref storeState) switch { 0 => null, 1 => true, _ => false };
        set => Volatile.Write(ref storeState, value switch { null => 0, true => 1, false => 2 });
    }

    /// <summary>Where refused records go.</summary>
    internal RejectedRecords Rejected => rejected;

    /// <summary>Arrival of the oldest record in hand, in microseconds since 1970; 0 = none.</summary>
    internal long OldestPendingUs { set => Interlocked.Exchange(ref oldestPendingUs, value); }

    /// <summary>Counts shipped records.</summary>
    internal void AddShipped(long records) => Interlocked.Add(ref shipped, records);
}
