using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>Holds that are ended in one call of <c>settle_many.lua</c>.</summary>
internal sealed class SettleBatch
{
    private const int Most = 32;
    private const double MostTogether = 1L << 52;

    private readonly List<SettleWait> waits = new(Most);
    private readonly MeterUnion meters = new();
    private readonly PackBuffer totals = new();
    private double cost, held, heldTokens;

    /// <summary>Those that are in it, in their order.</summary>
    public List<SettleWait> Waits => waits;

    /// <summary>Adds a hold, unless it must not go with the others.</summary>
    public bool TryJoin(SettleWait wait)
    {
        var (hold, settlement) = (wait.Hold, wait.Hold.Settlement);
        var holds = (double)hold.CostNanoUsd;
        if (waits.Count > 0
            && (waits.Count == Most || held + holds > MostTogether || cost + settlement.CostNanoUsd > MostTogether || !meters.Takes(hold.Meters))) return false;
        waits.Add(wait);
        cost += settlement.CostNanoUsd;
        held += holds;
        heldTokens += hold.Terms.Tokens;
        foreach (var meter in hold.Meters)
        {
            var place = meters.PlaceOf(meter);
            switch (meter.Type)
            {
                case LedgerFields.Budget: meters.Add(place, settlement.CostNanoUsd, holds); break;
                case LedgerFields.Tokens: meters.Add(place, (settlement.Tokens - hold.Terms.Tokens) * meter.First); break;
                case LedgerFields.Requests: meters.Add(place, settlement.Undo ? -meter.First : 0); break;
                case LedgerFields.Concurrency: meters.Add(place, -1); break;
                // An approval for one use: used if anything was spent.
                default: meters.Add(place, settlement.CostNanoUsd); break;
            }
        }
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        waits.Clear();
        meters.Clear();
        cost = held = heldTokens = 0;
    }

    /// <summary>Writes the call; of one by itself the one that needs to be told less.</summary>
    public void Write(RedisCall call)
    {
        var tenant = waits[0].Hold.Tenant;
        if (waits.Count == 1)
        {
            LedgerCalls.WriteSettle(call, tenant, waits[0].Hold.Id, waits[0].Hold.Settlement);
            return;
        }
        call.BeginScript(LedgerScripts.SettleMany, 3, 3 + waits.Count);
        call.Arg(tenant.MetersKey);
        call.Arg(tenant.HoldsKey);
        call.Arg(tenant.DetailsKey);
        totals.Clear();
        totals.Array(3);
        totals.Array(meters.Count);
        for (var i = 0; i < meters.Count; i++) totals.Text(meters[i].Field);
        totals.Array(meters.Count);
        for (var i = 0; i < meters.Count; i++) totals.Least(meters.FirstOf(i));
        totals.Array(meters.Count);
        for (var i = 0; i < meters.Count; i++) totals.Least(meters.SecondOf(i));
        call.Arg(totals.Written);
        call.Arg(held);
        call.Arg(heldTokens);
        Span<byte> id = stackalloc byte[16];
        foreach (var wait in waits)
        {
            wait.Hold.Id.TryWriteBytes(id, bigEndian: true, out _);
            call.Arg(id);
        }
    }

    /// <summary>Tells each hold what Redis answered; false when not all are as they were granted, so that each must be ended by itself.</summary>
    public bool TryEnd(RespReader reply)
    {
        switch (reply.Read() ? reply.Integer : -1)
        {
            case 1:
                Note(reply);
                End(LedgerOutcome.Done);
                return true;
            case 2:
                End(LedgerOutcome.NotOpen);
                return true;
            default:
                if (waits.Count > 1) return false;
                // Redis knows nothing of it: it is over.
                End(LedgerOutcome.Done);
                return true;
        }
    }

    /// <summary>Tells each hold how it ended.</summary>
    public void End(LedgerOutcome outcome)
    {
        foreach (var wait in waits) wait.End(outcome);
    }

    private void Note(RespReader reply)
    {
        for (var place = 0; place < meters.Count; place++)
        {
            if (meters[place].Type != LedgerFields.Budget) continue;
            // Nothing more: it was ended before, and nothing changed.
            if (!reply.Read()) return;
            meters.Set(place, reply.Integer);
        }
        foreach (var wait in waits)
            foreach (var meter in wait.Hold.Meters)
                if (meter.Type == LedgerFields.Budget) wait.Note(meter, (long)meters.SecondOf(meters.PlaceOf(meter)));
    }
}
