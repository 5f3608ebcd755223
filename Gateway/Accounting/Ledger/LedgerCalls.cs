using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>The two calls of every request, written into the connection's buffers and read back without anything in between.</summary>
internal sealed class LedgerCalls(RedisClient redis)
{
    // A call that Redis gets to later than this is refused by the script: its time-out has passed and the request was answered otherwise.
    private const long LatestUs = 150_000;

    /// <summary>This gateway process.</summary>
    public Guid Instance { get; } = Guid.CreateVersion7();

    /// <summary>The same as the scripts see it.</summary>
    public byte[] InstanceBytes => field ??= Instance.ToByteArray(bigEndian: true);

    /// <summary>The connection.</summary>
    public RedisClient Redis => redis;

    /// <summary>Asks for a hold.</summary>
    /// <param name="hold">The hold; gets what was granted.</param>
    /// <param name="epoch">The epoch that is thought to be open.</param>
    public async ValueTask<(LedgerOutcome Outcome, ReserveAnswer Answer)> ReserveAsync(Hold hold, byte[] epoch)
    {
        using var call = redis.Rent();
        Write(call, hold, epoch);
        var outcome = await redis.SendAsync(call);
        if (outcome != RedisOutcome.Ok) return (OutcomeOf(outcome), default);
        var answer = Read(call.Reply, hold, out var kind);
        return (kind, answer);
    }

    /// <summary>Ends a hold. Gives the settled sums of its budgets, in their order, to <paramref name="settled"/> (may be empty: nothing changed).</summary>
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

    private void Write(RedisCall call, Hold hold, byte[] epoch)
    {
        var terms = hold.Terms;
        call.BeginScript(LedgerScripts.Reserve, 2, 14);
        call.Arg(hold.Tenant.MetersKey);
        call.Arg(hold.Tenant.HoldsKey);
        call.Arg(epoch);
        call.Arg(redis.NowOnServerMicroseconds() + LatestUs);
        Id(call, hold.Id);
        call.Arg(InstanceBytes);
        call.Arg(terms.InputNanoUsd);
        call.Arg(terms.OutputTokenNanoUsd);
        call.Arg(terms.MostOutputTokens);
        call.Arg(terms.FewestOutputTokens);
        call.Arg(terms.Tokens);
        call.Arg(terms.EstimatedNanoUsd);
        call.Arg(terms.Tokens);
        call.Arg(HoldCodec.Spec(hold.Meters));
        call.Arg(hold.Record);
        call.Arg(hold.ArrivedAtUs < hold.Tenant.EpochAtUs ? 1 : 0);
    }

    private static ReserveAnswer Read(RespReader reply, Hold hold, out LedgerOutcome outcome)
    {
        outcome = LedgerOutcome.Done;
        switch (Next(ref reply))
        {
            case 1:
                hold.GrantedTokens = Next(ref reply);
                var answer = new ReserveAnswer { Kind = ReserveKind.Granted };
                answer.GrantedTokens = hold.GrantedTokens;
                answer.Requests = ((int)Next(ref reply) - 1, Next(ref reply), Next(ref reply));
                answer.Tokens = ((int)Next(ref reply) - 1, Next(ref reply), Next(ref reply));
                return answer;
            case 0:
                return new ReserveAnswer { Kind = ReserveKind.Refused, Meter = (int)Next(ref reply) - 1, First = Next(ref reply), Second = Next(ref reply) };
            case 2:
                outcome = LedgerOutcome.NotOpen;
                return default;
            default:
                outcome = LedgerOutcome.NotDone;
                return default;
        }
    }

    private static long Next(ref RespReader reply) => reply.Read() ? reply.Integer : 0;
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
