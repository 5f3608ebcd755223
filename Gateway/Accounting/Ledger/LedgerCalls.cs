using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>The two calls of every request. What many requests ask at the same time goes together.</summary>
internal sealed partial class LedgerCalls
{
    // A call that Redis gets to later than this behind its time-out is refused by the script: the request was answered otherwise. Clocks are not exact.
    private const long GraceUs = 100_000;

    // As many in one round are a sign that the processor is what they wait for.
    private const int Many = 4;

    private readonly RedisClient redis;
    private readonly ILogger<LedgerCalls> logger;
    private readonly LedgerGatherer reserves, settles;
    private string? fault;

    /// <summary>Calls over a connection.</summary>
    public LedgerCalls(RedisClient redis, TimeProvider time, ILogger<LedgerCalls> logger)
    {
        this.redis = redis;
        this.logger = logger;
        // Somebody waits for a hold: only where many ask is it worth to let more of them join. Nobody waits for the end of one.
        reserves = new LedgerGatherer(this, time, 2, static last => last < Many ? 0 : 2);
        settles = new LedgerGatherer(this, time, 1, static _ => 8);
    }

    /// <summary>This gateway process.</summary>
    public Guid Instance { get; } = Guid.CreateVersion7();

    /// <summary>The same as the scripts see it.</summary>
    public byte[] InstanceBytes => field ??= Instance.ToByteArray(bigEndian: true);

    /// <summary>The connection.</summary>
    public RedisClient Redis => redis;

    /// <summary>The first word of the error that Redis answers reservations with, such as <c>OOM</c> when it is full; null = it takes them.</summary>
    public string? Fault => Volatile.Read(ref fault);

    /// <summary>How long a call may take.</summary>
    public TimeSpan Patience => redis.CallTimeout;

    /// <summary>Asks for a hold.</summary>
    /// <param name="hold">The hold; gets what was granted.</param>
    /// <param name="epoch">The epoch that is thought to be open.</param>
    public ValueTask<(LedgerOutcome Outcome, ReserveAnswer Answer)> ReserveAsync(Hold hold, byte[] epoch) => reserves.ReserveAsync(hold, epoch);

    /// <summary>Ends a hold that was granted, with its settlement; the listener is told how that went.</summary>
    public void Settle(Hold hold, ISettleListener listener) => settles.Settle(new SettleWait(hold, listener));

    /// <summary>
    /// Ends a hold by itself, whatever became of it. Gives the settled sums of its budgets, in their order, to <paramref name="settled"/> (may be empty:
    /// nothing changed).
    /// </summary>
    /// <returns><see cref="LedgerOutcome.Done"/> when Redis has it, or never had it.</returns>
    public async ValueTask<LedgerOutcome> SettleAsync(LedgerTenant tenant, Guid id, Settlement settlement, Action<int, long>? settled)
    {
        using var call = redis.Rent();
        WriteSettle(call, tenant, id, settlement);
        var outcome = await redis.SendAsync(call);
        if (outcome != RedisOutcome.Ok) return OutcomeOf(outcome);
        var reply = call.Reply;
        if (!reply.Read() || reply.Integer == 2) return LedgerOutcome.NotOpen;
        if (settled is null || reply.Integer != 1) return LedgerOutcome.Done;
        for (var i = 0; reply.Read(); i++) settled(i, reply.Integer);
        return LedgerOutcome.Done;
    }

    /// <summary>Gives back what was taken without a hold, once at most.</summary>
    public async Task GiveBackAsync(Hold hold)
    {
        using var call = redis.Rent();
        call.BeginScript(LedgerScripts.GiveBack, 1, 2 * hold.Meters.Length);
        call.Arg(hold.Tenant.MetersKey);
        foreach (var meter in hold.Meters)
        {
            call.Arg(meter.Field);
            call.Arg(meter.First);
        }
        await redis.SendAsync(call);
    }

    /// <summary>Sends a round, tells each of its requests how it ended, and empties it.</summary>
    /// <returns>Whether Redis answered all of it.</returns>
    public async ValueTask<bool> SendAsync(LedgerRound round)
    {
        // All are sent before the first answer is waited for; the others' are there with it mostly.
        var (settles, reserves) = (round.Settles.Count, round.Reserves.Count);
        var sent = new Sent[settles + reserves];
        var details = new Sent?[reserves];
        for (var i = 0; i < settles; i++)
        {
            var call = redis.Rent();
            round.Settles[i].Write(call);
            sent[i] = Enqueue(call);
        }
        for (var i = 0; i < reserves; i++)
        {
            var call = redis.Rent();
            if (round.Reserves[i].AreKept)
            {
                round.Reserves[i].WriteDetails(call);
                details[i] = Enqueue(call);
                call = redis.Rent();
            }
            round.Reserves[i].Write(call, InstanceBytes, redis.NowOnServerMicroseconds() + (long)Patience.TotalMicroseconds + GraceUs);
            sent[settles + i] = Enqueue(call);
        }
        redis.Flush();
        var isAnswered = true;
        for (var i = 0; i < sent.Length; i++)
        {
            using var call = sent[i].Call;
            var outcome = i < settles ? await sent[i].Outcome : await EndReserveAsync(details[i - settles], sent[i]);
            isAnswered &= outcome is RedisOutcome.Ok or RedisOutcome.Error;
            if (outcome != RedisOutcome.Ok) End(round, i, OutcomeOf(outcome));
            else if (i >= settles) round.Reserves[i - settles].End(call.Reply);
            else if (!round.Settles[i].TryEnd(call.Reply)) await Task.WhenAll(round.Settles[i].Waits.Select(SettleAloneAsync));
        }
        round.Clear();
        return isAnswered;
    }

    /// <summary>Writes the end of one hold.</summary>
    public static void WriteSettle(RedisCall call, LedgerTenant tenant, Guid id, in Settlement settlement)
    {
        call.BeginScript(LedgerScripts.Settle, 4, 4);
        call.Arg(tenant.MetersKey);
        call.Arg(tenant.HoldsKey);
        call.Arg(tenant.SweptKey);
        call.Arg(tenant.DetailsKey);
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        call.Arg(bytes);
        call.Arg(settlement.CostNanoUsd);
        call.Arg(settlement.Tokens);
        call.Arg(settlement.Undo ? 1 : 0);
    }

    // What is refused is the details, mostly, for they take the memory: without them the script takes no hold, and says so.
    private async ValueTask<RedisOutcome> EndReserveAsync(Sent? details, Sent reserve)
    {
        using var call = details?.Call;
        var written = details is { } sent ? await sent.Outcome : RedisOutcome.Ok;
        var outcome = await reserve.Outcome;
        if (written == RedisOutcome.Error) Note(written, call!.Reply);
        else Note(outcome, reserve.Call.Reply);
        return outcome;
    }

    // One line a change, however many requests meet it.
    private void Note(RedisOutcome outcome, RespReader reply)
    {
        if (outcome == RedisOutcome.Error)
        {
            var word = System.Text.Encoding.ASCII.GetString(reply.Bytes[..Math.Max(0, reply.Bytes.IndexOf((byte)' '))]);
            if (Interlocked.Exchange(ref fault, word) is null) Log.Refuses(logger, word);
        }
        else if (outcome == RedisOutcome.Ok && Fault is not null && Interlocked.Exchange(ref fault, null) is not null)
        {
            Log.TakesAgain(logger);
        }
    }

    private static void End(LedgerRound round, int index, LedgerOutcome outcome)
    {
        if (index < round.Settles.Count) round.Settles[index].End(outcome);
        else round.Reserves[index - round.Settles.Count].End(outcome);
    }

    private static LedgerOutcome OutcomeOf(RedisOutcome outcome) => outcome switch
    {
        // An error is an answer: the script did not run to its end, and none of ours writes before it can fail... except for lack of memory, which Redis
        // refuses before the script starts.
        RedisOutcome.NotSent or RedisOutcome.Error => LedgerOutcome.NotDone,
        _ => LedgerOutcome.Unknown,
    };

    private async Task SettleAloneAsync(SettleWait wait)
    {
        var hold = wait.Hold;
        wait.End(await SettleAsync(hold.Tenant, hold.Id, hold.Settlement, (i, settled) => wait.Note(hold.BudgetAt(i), settled)));
    }

#pragma warning disable CA2012 // Each is awaited once, after all were sent.
    private Sent Enqueue(RedisCall call) => new(call, redis.EnqueueAsync(call));
#pragma warning restore CA2012

    private readonly record struct Sent(RedisCall Call, ValueTask<RedisOutcome> Outcome);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Redis refuses reservations ({Fault}); limited requests follow their organisation's policy. OOM: it is full, give it more memory")]
        public static partial void Refuses(ILogger logger, string fault);

        [LoggerMessage(2, LogLevel.Information, "Redis takes reservations again")]
        public static partial void TakesAgain(ILogger logger);
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
