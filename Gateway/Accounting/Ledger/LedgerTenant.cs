using System.Buffers.Text;
using System.Text;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>What this gateway knows of the ledger of one organisation (or of the installation), and its own unfinished holds there.</summary>
internal sealed class LedgerTenant
{
    private readonly Lock gate = new();
    private Hold? first;
    private int count;
    private byte[]? epoch;

    /// <summary>A tenant of which nothing is known yet.</summary>
    public LedgerTenant(Guid organisation, TimeProvider time)
    {
        Organisation = organisation;
        Keys = LedgerKeys.Of(organisation);
        MetersKey = Encoding.UTF8.GetBytes(Keys.Meters);
        HoldsKey = Encoding.UTF8.GetBytes(Keys.Holds);
        DetailsKey = Encoding.UTF8.GetBytes(Keys.Details);
        InstancesKey = Encoding.UTF8.GetBytes(Keys.Instances);
        SweptKey = Encoding.UTF8.GetBytes(Keys.Swept);
        RebuildKey = Encoding.UTF8.GetBytes(Keys.Rebuild);
        Local = new LocalLedger(time);
    }

    /// <summary>Whose; all zeros = the installation's.</summary>
    public Guid Organisation { get; }

    /// <summary>Names of its keys.</summary>
    public LedgerKeys Keys { get; }

    /// <summary>The same in UTF-8.</summary>
    public byte[] MetersKey { get; }

    /// <summary>The hash of holds.</summary>
    public byte[] HoldsKey { get; }

    /// <summary>The hash of what holds were taken on.</summary>
    public byte[] DetailsKey { get; }

    /// <summary>The hash of gateways.</summary>
    public byte[] InstancesKey { get; }

    /// <summary>The hash of swept holds.</summary>
    public byte[] SweptKey { get; }

    /// <summary>The hash of a rebuild.</summary>
    public byte[] RebuildKey { get; }

    /// <summary>The epoch that is open as far as this gateway knows, with the server's run id; null = to be asked for.</summary>
    public byte[]? Epoch
    {
        get => Volatile.Read(ref epoch);
        set
        {
            if (value is not null) Note(value);
            Volatile.Write(ref epoch, value);
        }
    }

    /// <summary>The last epoch that was open as far as this gateway knows.</summary>
    public byte[]? LastEpoch { get; private set; }

    /// <summary>When that was opened, in microseconds since 1970; older requests are counted by the books, unless they hold something.</summary>
    public long EpochAtUs { get; private set; }

    /// <summary>The time zone that the windows of its budgets were cut by.</summary>
    public string? ZoneId { get; set; }

    /// <summary>How often the books were rewritten when the ledger was asked for last; see <c>begin.lua</c>.</summary>
    public long Rewrites { get; set; }

    /// <summary>When the books are looked at again for what came late, and how long after that the next time.</summary>
    public (DateTimeOffset At, TimeSpan Then) NextSeed { get; set; }

    /// <summary>Where there is no Redis: whether the local counters know what the books say.</summary>
    public bool IsSeeded { get; set; }

    /// <summary>The rebuild that this gateway has registered its holds for.</summary>
    public string? RegisteredFor { get; set; }

    /// <summary>The counters of this gateway alone, for the time in which the ledger cannot be asked.</summary>
    public LocalLedger Local { get; }

    /// <summary>
    /// Whether the open ledger is not to be trusted: requests were counted locally, or the windows are cut otherwise now. It is rebuilt from the books then.
    /// </summary>
    public bool MustRebuild { get; set; }

    /// <summary>The youngest budget that the books were looked at for.</summary>
    public DateTimeOffset NewestSeeded { get; set; }

    /// <summary>Asking for the ledger, one at a time.</summary>
    public Task<bool>? Opening { get; set; }

    /// <summary>Guards <see cref="Opening"/>.</summary>
    public Lock OpeningGate { get; } = new();

    /// <summary>Holds that are not confirmed as settled.</summary>
    public int Count
    {
        get { lock (gate) return count; }
    }

    private void Note(byte[] opened)
    {
        LastEpoch = opened;
        var colon = opened.AsSpan().IndexOf((byte)':');
        EpochAtUs = Utf8Parser.TryParse(opened.AsSpan(0, Math.Max(0, colon)), out long at, out _) ? at : 0;
        NextSeed = (DateTimeOffset.MinValue, TimeSpan.FromSeconds(5));
    }

    /// <summary>Puts a hold on the list.</summary>
    public void Add(Hold hold)
    {
        lock (gate)
        {
            if (hold.IsListed) return;
            hold.IsListed = true;
            hold.Next = first;
            if (first is not null) first.Previous = hold;
            first = hold;
            count++;
        }
    }

    /// <summary>Takes a hold that Redis did not take off the list; false when a rebuild was told of it meanwhile, so that it has to be given back.</summary>
    public bool TryForget(Hold hold)
    {
        lock (gate)
        {
            if (hold is { IsListed: true, IsRegistered: true }) return false;
            Remove(hold);
            return true;
        }
    }

    /// <summary>Takes a hold off the list.</summary>
    public void Remove(Hold hold)
    {
        lock (gate)
        {
            if (!hold.IsListed) return;
            hold.IsListed = false;
            if (hold.Previous is { } previous) previous.Next = hold.Next;
            else first = hold.Next;
            if (hold.Next is { } next) next.Previous = hold.Previous;
            hold.Previous = hold.Next = null;
            count--;
        }
    }

    /// <summary>Takes a hold that was counted locally off the list; false when it was registered with a rebuild meanwhile and must be settled like any other.</summary>
    public bool TryEndLocally(Hold hold)
    {
        lock (gate)
        {
            if (!hold.IsLocal) return false;
            Remove(hold);
            return true;
        }
    }

    /// <summary>The unfinished holds, in no order.</summary>
    /// <param name="forRegistration">True: a rebuild is told of them. Those that were counted locally belong to the ledger from now on.</param>
    public Hold[] Holds(bool forRegistration = false)
    {
        lock (gate)
        {
            if (forRegistration)
                for (var hold = first; hold is not null; hold = hold.Next) (hold.IsLocal, hold.IsRegistered) = (false, true);
            var holds = new Hold[count];
            var i = 0;
            for (var hold = first; hold is not null; hold = hold.Next) holds[i++] = hold;
            return holds;
        }
    }
}
