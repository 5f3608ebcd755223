using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>Requests whose holds are asked for in one call of <c>reserve.lua</c>.</summary>
internal sealed class ReserveBatch
{
    // A call of as many takes Redis half a millisecond.
    private const int Most = 32;

    // Sums of what is asked for stay whole numbers.
    private const double MostTogether = 1L << 52;

    private readonly List<ReserveWait> waits = new(Most);
    private readonly MeterUnion meters = new();
    private readonly PackBuffer totals = new();
    private readonly PackBuffer requests = new();
    private double together;

    /// <summary>Those that are in it, in their order.</summary>
    public List<ReserveWait> Waits => waits;

    /// <summary>Whether Redis remembers their holds; of all of them or of none.</summary>
    public bool AreKept => waits[0].Hold.IsKept;

    /// <summary>Adds a request, unless it must not go with the others.</summary>
    public bool TryJoin(ReserveWait wait)
    {
        var hold = wait.Hold;
        var cost = (double)hold.Terms.CostWith(hold.Terms.MostOutputTokens);
        if (waits.Count > 0
            && (waits.Count == Most || !ReferenceEquals(wait.Epoch, waits[0].Epoch) || together + cost > MostTogether || !meters.Takes(hold.Meters))) return false;
        together += cost;
        waits.Add(wait);
        foreach (var meter in hold.Meters) meters.Add(meters.PlaceOf(meter), Asked(meter.Type, hold, cost));
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        waits.Clear();
        meters.Clear();
        together = 0;
    }

    /// <summary>Writes what goes before the call: details of the holds, past the script, which would pay for every byte of them.</summary>
    public void WriteDetails(RedisCall call)
    {
        call.Begin(2 + 2 * waits.Count);
        call.Arg("HSET"u8);
        call.Arg(waits[0].Hold.Tenant.DetailsKey);
        Span<byte> id = stackalloc byte[16];
        foreach (var wait in waits)
        {
            wait.Hold.Id.TryWriteBytes(id, bigEndian: true, out _);
            call.Arg(id);
            call.Arg(HoldCodec.Details(wait.Hold));
        }
    }

    /// <summary>Writes the call.</summary>
    /// <param name="call">A rented call.</param>
    /// <param name="instance">This gateway, 16 bytes.</param>
    /// <param name="deadline">In microseconds of Redis's clock: later it is not to be done.</param>
    public void Write(RedisCall call, ReadOnlySpan<byte> instance, long deadline)
    {
        var tenant = waits[0].Hold.Tenant;
        var areKept = AreKept;
        call.BeginScript(LedgerScripts.Reserve, 3, areKept ? 4 + 2 * waits.Count : 4);
        call.Arg(tenant.MetersKey);
        call.Arg(tenant.HoldsKey);
        call.Arg(tenant.DetailsKey);
        call.Arg(waits[0].Epoch);
        call.Arg(deadline);
        WriteTotals();
        call.Arg(totals.Written);
        WriteRequests();
        call.Arg(requests.Written);
        Span<byte> id = stackalloc byte[16], value = stackalloc byte[LedgerHold.Bytes];
        foreach (var wait in waits)
        {
            var hold = wait.Hold;
            hold.GrantedTokens = hold.Terms.MostOutputTokens;
            if (!areKept) continue;
            hold.Id.TryWriteBytes(id, bigEndian: true, out _);
            call.Arg(id);
            HoldCodec.Write(hold, instance, isOlder: hold.ArrivedAtUs < tenant.EpochAtUs, value);
            call.Arg(value);
        }
    }

    /// <summary>Tells each request what Redis answered.</summary>
    public void End(RespReader reply)
    {
        var kind = Next(ref reply);
        if (kind == 1)
        {
            EndGranted(reply);
            return;
        }
        foreach (var wait in waits)
        {
            switch (kind)
            {
                case 0: wait.End(LedgerOutcome.Done, ReadAnswer(ref reply, wait.Hold)); break;
                case 2: wait.End(LedgerOutcome.NotOpen); break;
                default: wait.End(LedgerOutcome.NotDone); break;
            }
        }
    }

    /// <summary>Tells each request that there is no answer.</summary>
    public void End(LedgerOutcome outcome)
    {
        foreach (var wait in waits) wait.End(outcome);
    }

    private static double Asked(char type, Hold hold, double cost) => type switch
    {
        LedgerFields.Budget => cost,
        LedgerFields.Tokens => hold.Terms.Tokens,
        _ => 1,
    };

    private static long Next(ref RespReader reply) => reply.Read() ? reply.Integer : 0;

    private static ReserveAnswer ReadAnswer(ref RespReader reply, Hold hold)
    {
        var (kind, a, b, c) = (Next(ref reply), Next(ref reply), Next(ref reply), Next(ref reply));
        var (d, e, f, g) = (Next(ref reply), Next(ref reply), Next(ref reply), Next(ref reply));
        if (kind == 0) return new ReserveAnswer { Kind = ReserveKind.Refused, Meter = (int)a - 1, First = b, Second = c };
        hold.GrantedTokens = a;
        return new ReserveAnswer
        {
            Kind = ReserveKind.Granted, GrantedTokens = a, Requests = ((int)b - 1, c, d), Tokens = ((int)e - 1, f, g),
        };
    }

    // All were granted what they asked for; what is left of a rate is the same for all of them, as it was when the last of them had it.
    private void EndGranted(RespReader reply)
    {
        var now = Next(ref reply);
        for (var place = 0; place < meters.Count; place++)
            if (meters[place].IsRate) meters.Set(place, Next(ref reply) - now);
        foreach (var wait in waits)
        {
            var hold = wait.Hold;
            var answer = new ReserveAnswer { Kind = ReserveKind.Granted, GrantedTokens = hold.Terms.MostOutputTokens };
            for (var i = 0; i < hold.Meters.Length; i++)
            {
                var meter = hold.Meters[i];
                if (!meter.IsRate) continue;
                var ahead = meters.SecondOf(meters.PlaceOf(meter));
                // A millionth of a unit is room for rounding, as in the script.
                answer.Note(meter, i, (long)Math.Max(0, Math.Floor((meter.Second - ahead) / meter.First + 1e-6)), (long)ahead);
            }
            wait.End(LedgerOutcome.Done, answer);
        }
    }

    private void WriteTotals()
    {
        totals.Clear();
        totals.Array(4);
        totals.Array(meters.Count);
        for (var i = 0; i < meters.Count; i++) totals.Text(meters[i].Field);
        totals.Array(meters.Count);
        for (var i = 0; i < meters.Count; i++) totals.Least(meters[i].First);
        totals.Array(meters.Count);
        for (var i = 0; i < meters.Count; i++) totals.Least(meters[i].Second);
        totals.Array(meters.Count);
        for (var i = 0; i < meters.Count; i++) totals.Least(meters.FirstOf(i));
    }

    private void WriteRequests()
    {
        requests.Clear();
        requests.Array(waits.Count);
        foreach (var wait in waits)
        {
            var (hold, terms) = (wait.Hold, wait.Hold.Terms);
            requests.Array(6);
            requests.Least(terms.InputNanoUsd);
            requests.Least(terms.OutputTokenNanoUsd);
            requests.Least(terms.MostOutputTokens);
            requests.Least(terms.FewestOutputTokens);
            requests.Least(terms.Tokens);
            requests.Array(hold.Meters.Length);
            foreach (var meter in hold.Meters) requests.Least(meters.PlaceOf(meter) + 1);
        }
    }
}
