namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>What goes to Redis at once: for each organisation a call that ends holds and one that asks for some, or several where not all go into one.</summary>
internal sealed class LedgerRound
{
    // They take Redis a few milliseconds.
    private const int Most = 256;

    private readonly Dictionary<(LedgerTenant Tenant, bool AreKept), ReserveBatch> openReserves = [];
    private readonly Dictionary<LedgerTenant, SettleBatch> openSettles = [];
    private readonly List<ReserveBatch> reserves = [];
    private readonly List<SettleBatch> settles = [];
    private readonly Stack<ReserveBatch> spareReserves = new();
    private readonly Stack<SettleBatch> spareSettles = new();
    private int count, wideSettles;

    /// <summary>Those that end holds: they are sent first, for they make room.</summary>
    public List<SettleBatch> Settles => settles;

    /// <summary>Those that ask for holds.</summary>
    public List<ReserveBatch> Reserves => reserves;

    /// <summary>Adds an item unless there are enough.</summary>
    public bool TryAdd(in LedgerAsk ask)
    {
        if (count == Most) return false;
        count++;
        if (ask.Reserve is { } reserve) Add(reserve);
        else Add(ask.Settle);
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        foreach (var batch in reserves)
        {
            batch.Clear();
            spareReserves.Push(batch);
        }
        foreach (var batch in settles)
        {
            batch.Clear();
            spareSettles.Push(batch);
        }
        reserves.Clear();
        settles.Clear();
        openReserves.Clear();
        openSettles.Clear();
        (count, wideSettles) = (0, 0);
    }

    private void Add(ReserveWait wait)
    {
        var kind = (wait.Hold.Tenant, wait.Hold.IsKept);
        if (openReserves.TryGetValue(kind, out var open) && open.TryJoin(wait)) return;
        if (!spareReserves.TryPop(out var batch)) batch = new ReserveBatch();
        batch.TryJoin(wait);
        openReserves[kind] = batch;
        reserves.Add(batch);
    }

    private void Add(in SettleWait wait)
    {
        var tenant = wait.Hold.Tenant;
        if (openSettles.TryGetValue(tenant, out var open) && open.TryJoin(wait)) return;
        if (!spareSettles.TryPop(out var batch)) batch = new SettleBatch();
        batch.TryJoin(wait);
        openSettles[tenant] = batch;
        // Of two holds the one across organisations ends last: as long as the other one stands, that ledger tells whether the request was granted by both.
        settles.Insert(settles.Count - wideSettles, batch);
        if (tenant.Organisation == Guid.Empty) wideSettles++;
    }
}
