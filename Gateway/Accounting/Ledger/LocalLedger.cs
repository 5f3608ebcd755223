using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>
/// The same counters in this process: the whole ledger where there is no Redis (one replica), and a stand-in for organisations whose policy is to go on
/// while Redis is away. Follows the scripts step by step.
/// </summary>
internal sealed class LocalLedger(TimeProvider time)
{
    // Rates at rest, counts of zero and windows that are over say nothing; above this many counters they are looked through.
    private const int TidyAbove = 10_000;

    // A request of an old window may still be waiting to be held against it.
    private static readonly TimeSpan KeepWindows = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Counter> counters = new(StringComparer.Ordinal);
    private int tidyAt = TidyAbove;

    private double NowUs => time.GetTimestamp() * (1e6 / time.TimestampFrequency);

    /// <summary>Number of counters, those that say nothing included.</summary>
    public int Count
    {
        get { lock (gate) return counters.Count; }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (gate) counters.Clear();
    }

    /// <summary>Settled and held of a budget, or value and 0 of another meter.</summary>
    public (double First, double Second) Read(Meter meter)
    {
        lock (gate)
        {
            if (!counters.TryGetValue(meter.Name, out var counter)) return (meter.LastSettledNanoUsd > 0 ? meter.LastSettledNanoUsd : 0, 0);
            return meter.Type == LedgerFields.Budget ? (counter.Settled, counter.Held) : (counter.Value, 0);
        }
    }

    /// <summary>Reserves for all meters of a hold, or for none.</summary>
    /// <param name="hold">The hold; gets what was granted.</param>
    public ReserveAnswer Reserve(Hold hold)
    {
        var now = NowUs;
        lock (gate)
        {
            var meters = hold.Meters;
            var terms = hold.Terms;
            var answer = new ReserveAnswer { Kind = ReserveKind.Granted };
            var (refused, wait, busy) = (-1, -1.0, 0.0);
            var (available, tightest) = (double.PositiveInfinity, -1);
            for (var i = 0; i < meters.Length; i++)
            {
                var meter = meters[i];
                var counter = Of(meter);
                switch (meter.Type)
                {
                    case LedgerFields.Requests or LedgerFields.Tokens:
                        var step = meter.Type == LedgerFields.Requests ? meter.First : meter.First * terms.Tokens;
                        var tat = Math.Max(counter.Value, now);
                        var over = step > meter.Second ? tat - now : tat + step - now - meter.Second;
                        if (over <= 0.5) answer.Note(meter, i, Math.Max(0, (long)Math.Floor((meter.Second - (tat + step - now)) / meter.First + 1e-6)), (long)Math.Ceiling(tat + step - now));
                        else if (over > wait) (wait, refused) = (over, i);
                        break;
                    case LedgerFields.Concurrency:
                        if (counter.Value >= meter.First && wait < 0) (wait, refused, busy) = (0, i, counter.Value);
                        break;
                    case LedgerFields.Budget when meter.First >= 0:
                        var left = meter.First - counter.Settled - counter.Held;
                        if (left < available) (available, tightest) = (left, i);
                        break;
                    case LedgerFields.Approval when counter.Value == 1:
                        return new() { Kind = ReserveKind.Refused, Meter = i };
                }
            }
            var granted = terms.MostOutputTokens;
            if (tightest >= 0)
            {
                if (terms.CostWith(terms.FewestOutputTokens) > available)
                {
                    var counter = Of(meters[tightest]);
                    return new() { Kind = ReserveKind.Refused, Meter = tightest, First = (long)counter.Settled, Second = (long)counter.Held };
                }
                if (terms.CostWith(granted) > available) granted = (long)Math.Floor((available - terms.InputNanoUsd) / terms.OutputTokenNanoUsd);
            }
            if (refused >= 0) return new() { Kind = ReserveKind.Refused, Meter = refused, First = (long)Math.Ceiling(Math.Max(0, wait)), Second = (long)busy };

            hold.GrantedTokens = granted;
            foreach (var meter in meters) Take(meter, Of(meter), hold, now);
            answer.GrantedTokens = granted;
            return answer;
        }
    }

    /// <summary>Books what was spent before a new budget counted, once for each amount: what was booked so before is replaced.</summary>
    public void Seed(string field, string seedField, long spentNanoUsd)
    {
        lock (gate)
        {
            if (!counters.TryGetValue(seedField, out var seed)) counters[seedField] = seed = new Counter();
            if (!counters.TryGetValue(field, out var counter)) counters[field] = counter = new Counter();
            counter.Settled += spentNanoUsd - seed.Value;
            seed.Value = spentNanoUsd;
        }
    }

    /// <summary>Ends a hold and books what was used.</summary>
    public void Settle(Hold hold, in Settlement settlement)
    {
        lock (gate)
        {
            foreach (var meter in hold.Meters)
            {
                var counter = Of(meter);
                switch (meter.Type)
                {
                    case LedgerFields.Budget:
                        counter.Held = Math.Max(0, counter.Held - hold.CostNanoUsd);
                        counter.Settled += settlement.CostNanoUsd;
                        meter.LastSettledNanoUsd = (long)counter.Settled;
                        break;
                    case LedgerFields.Tokens:
                        counter.Value += (settlement.Tokens - hold.Terms.Tokens) * meter.First;
                        break;
                    case LedgerFields.Requests when settlement.Undo:
                        counter.Value -= meter.First;
                        break;
                    case LedgerFields.Concurrency:
                        counter.Value = Math.Max(0, counter.Value - 1);
                        break;
                    case LedgerFields.Approval when settlement.CostNanoUsd == 0:
                        counter.Value = 0;
                        break;
                }
            }
        }
    }

    private static void Take(Meter meter, Counter counter, Hold hold, double now)
    {
        switch (meter.Type)
        {
            case LedgerFields.Requests:
                counter.Value = Math.Max(counter.Value, now) + meter.First;
                break;
            case LedgerFields.Tokens:
                counter.Value = Math.Max(counter.Value, now) + meter.First * hold.Terms.Tokens;
                break;
            case LedgerFields.Concurrency:
                counter.Value++;
                break;
            case LedgerFields.Budget:
                counter.Held += hold.CostNanoUsd;
                break;
            default:
                counter.Value = 1;
                break;
        }
    }

    private Counter Of(Meter meter)
    {
        if (!counters.TryGetValue(meter.Name, out var counter))
        {
            if (counters.Count >= tidyAt) Tidy();
            counters[meter.Name] = counter = new Counter { Settled = Math.Max(0, meter.LastSettledNanoUsd) };
        }
        // What the books seeded is told its window by the first request.
        if (meter.Type == LedgerFields.Budget) counter.Until = meter.Window.End;
        return counter;
    }

    private void Tidy()
    {
        var (now, nowUs) = (time.GetUtcNow(), NowUs);
        foreach (var (field, counter) in counters)
        {
            var isIdle = field[0] switch
            {
                LedgerFields.Requests or LedgerFields.Tokens => counter.Value <= nowUs,
                LedgerFields.Concurrency => counter.Value == 0,
                // Not windows that still count, a total's above all: what is spent must not be forgotten.
                LedgerFields.Budget => counter.Held == 0 && counter.Until < now - KeepWindows,
                _ => false,
            };
            if (!isIdle) continue;
            counters.Remove(field);
            if (field[0] == LedgerFields.Budget) counters.Remove(LedgerFields.OfSeed(field));
        }
        tidyAt = Math.Max(TidyAbove, counters.Count * 2);
    }

    private sealed class Counter
    {
        public double Value;
        public double Settled;
        public double Held;

        // End of a budget's window, once a request has told it.
        public DateTimeOffset Until = DateTimeOffset.MaxValue;
    }
}
