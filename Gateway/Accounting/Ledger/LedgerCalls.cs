using System.Collections.Concurrent;
using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>The two calls of every request. What many requests ask of one organisation's ledger at the same time goes together.</summary>
internal sealed class LedgerCalls(RedisClient redis, TimeProvider time)
{
    // A call that Redis gets to later than this behind its time-out is refused by the script: the request was answered otherwise. Clocks are not exact.
    private const long GraceUs = 100_000;

    private readonly ConcurrentDictionary<LedgerTenant, (ReserveGatherer Reserves, SettleGatherer Settles)> gatherers = new();

    /// <summary>This gateway process.</summary>
    public Guid Instance { get; } = Guid.CreateVersion7();

    /// <summary>The same as the scripts see it.</summary>
    public byte[] InstanceBytes => field ??= Instance.ToByteArray(bigEndian: true);

    /// <summary>The connection.</summary>
    public RedisClient Redis => redis;

    /// <summary>How long a call may take.</summary>
    public TimeSpan Patience => redis.CallTimeout;

    /// <summary>Asks for a hold.</summary>
    /// <param name="hold">The hold; gets what was granted.</param>
    /// <param name="epoch">The epoch that is thought to be open.</param>
    public ValueTask<(LedgerOutcome Outcome, ReserveAnswer Answer)> ReserveAsync(Hold hold, byte[] epoch) => Of(hold.Tenant).Reserves.AskAsync(hold, epoch);

    /// <summary>Ends a hold that was granted, with its settlement; the listener is told how that went.</summary>
    public void Settle(Hold hold, ISettleListener listener) => Of(hold.Tenant).Settles.Add(hold, listener);

    /// <summary>
    /// Ends a hold by itself, whatever became of it. Gives the settled sums of its budgets, in their order, to <paramref name="settled"/> (may be empty:
    /// nothing changed).
    /// </summary>
    /// <returns><see cref="LedgerOutcome.Done"/> when Redis has it, or never had it.</returns>
    public async ValueTask<LedgerOutcome> SettleAsync(LedgerTenant tenant, Guid id, Settlement settlement, Action<int, long>? settled)
    {
        using var call = redis.Rent();
        call.BeginScript(LedgerScripts.Settle, 3, 4);
        call.Arg(tenant.MetersKey);
        call.Arg(tenant.HoldsKey);
        call.Arg(tenant.SweptKey);
        Id(call, id);
        call.Arg(settlement.CostNanoUsd);
        call.Arg(settlement.Tokens);
        call.Arg(settlement.Undo ? 1 : 0);
        var outcome = await redis.SendAsync(call);
        if (outcome != RedisOutcome.Ok) return OutcomeOf(outcome);
        var reply = call.Reply;
        if (!reply.Read() || reply.Integer == 2) return LedgerOutcome.NotOpen;
        if (settled is null || reply.Integer != 1) return LedgerOutcome.Done;
        for (var i = 0; reply.Read(); i++) settled(i, reply.Integer);
        return LedgerOutcome.Done;
    }

    /// <summary>Sends gathered reservations; see <see cref="CallGatherer{TItem,TBatch}.SendAsync"/>.</summary>
    public async ValueTask<bool> SendAsync(ReserveBatch batch)
    {
        using var call = redis.Rent();
        batch.Write(call, InstanceBytes, redis.NowOnServerMicroseconds() + (long)Patience.TotalMicroseconds + GraceUs);
        var outcome = await redis.SendAsync(call);
        if (outcome == RedisOutcome.Ok) batch.End(call.Reply);
        else batch.End(OutcomeOf(outcome));
        batch.Clear();
        return outcome is RedisOutcome.Ok or RedisOutcome.Error;
    }

    /// <summary>Sends gathered settlements, likewise.</summary>
    public async ValueTask<bool> SendAsync(SettleBatch batch)
    {
        var outcome = RedisOutcome.Ok;
        var isDone = false;
        if (batch.Waits.Count > 1)
        {
            using var call = redis.Rent();
            batch.Write(call);
            outcome = await redis.SendAsync(call);
            var reply = call.Reply;
            var kind = outcome == RedisOutcome.Ok && reply.Read() ? reply.Integer : -1;
            isDone = kind != 0;
            if (kind == 1) batch.End(reply);
            else if (kind == 2) batch.End(LedgerOutcome.NotOpen);
            else if (kind < 0) batch.End(OutcomeOf(outcome));
        }
        if (!isDone) await Task.WhenAll(batch.Waits.Select(SettleAloneAsync));
        batch.Clear();
        return outcome is RedisOutcome.Ok or RedisOutcome.Error;
    }

    private static void Id(RedisCall call, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        call.Arg(bytes);
    }

    private static LedgerOutcome OutcomeOf(RedisOutcome outcome) => outcome switch
    {
        // An error is an answer: the script did not run to its end, and none of ours writes before it can fail... except for lack of memory, which Redis
        // refuses before the script starts.
        RedisOutcome.NotSent or RedisOutcome.Error => LedgerOutcome.NotDone,
        _ => LedgerOutcome.Unknown,
    };

    private (ReserveGatherer Reserves, SettleGatherer Settles) Of(LedgerTenant tenant) => gatherers.TryGetValue(tenant, out var mine)
        ? mine
        : gatherers.GetOrAdd(tenant, _ => (new ReserveGatherer(this, time), new SettleGatherer(this)));

    private async Task SettleAloneAsync(SettleWait wait)
    {
        var hold = wait.Hold;
        wait.End(await SettleAsync(hold.Tenant, hold.Id, hold.Settlement, (i, settled) => wait.Note(hold.BudgetAt(i), settled)));
    }
}

/// <summary>How a call to the ledger ended.</summary>
internal enum LedgerOutcome
{
    /// <summary>It was done, or refused.</summary>
    Done,

    /// <summary>The ledger is not open under the epoch that was named.</summary>
    NotOpen,

    /// <summary>It surely was not done.</summary>
    NotDone,

    /// <summary>Nobody knows whether it was done.</summary>
    Unknown,
}
