using System.Runtime.InteropServices;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing.Cascades;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>
/// What a request can cost at most that may have to pay for more than one answer: the sum of the dearest bounds of as many candidates (decision 0114). Usually there is one,
/// and the dearest counts.
/// </summary>
/// <param name="InputNanoUsd">Everything but the output tokens.</param>
/// <param name="OutputTokenNanoUsd">One output token of every answer.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LegBounds(long InputNanoUsd, long OutputTokenNanoUsd)
{
    /// <summary>For how many answers a request holds.</summary>
    public static int CountOf(Exchange exchange) => Math.Min(exchange.Call.Legs?.Covered ?? int.MaxValue, WantedBy(exchange));

    /// <summary>For how many answers it would have to pay at most if money did not matter.</summary>
    public static int WantedBy(Exchange exchange) => StrategyOf(exchange) + FurtherOf(exchange);

    private static int StrategyOf(Exchange exchange) =>
        CascadePolicy.Of(exchange) is { } cascade ? Math.Max(1, CascadePolicy.StepsOf(cascade, exchange.Plan!.Candidates))
        : HedgePolicy.Of(exchange) is not null ? Math.Clamp(HedgePolicy.OwnOf(exchange.Plan!), 1, 2)
        : 1;

    /// <summary>The bound for so many answers.</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="legs">How many.</param>
    /// <param name="outputLimit">Most output tokens that limits allow; null = any number.</param>
    public static LegBounds Of(Exchange exchange, int legs, long? outputLimit)
    {
        // What comes of the reply's form is held for as a whole or not at all.
        var further = Math.Min(legs - 1, FurtherOf(exchange));
        legs -= further;
        // Which of them will be asked is not known: the dearest inputs and the dearest outputs, whosever they are.
        Span<long> inputs = stackalloc long[legs], outputs = stackalloc long[legs];
        foreach (ref readonly var candidate in exchange.Plan!.Candidates.AsSpan())
        {
            if (candidate.Dropped is not null) continue;
            var bound = SpendBound.Of(exchange.Request!, candidate.Deployment, candidate.Price, outputLimit);
            Insert(inputs, bound.InputNanoUsd);
            Insert(outputs, bound.OutputTokenNanoUsd);
        }
        var (own, perToken) = (Plus(Plus(Sum(inputs), JudgesOf(exchange, legs)), exchange.Call.LookupBoundNanoUsd ?? 0), Sum(outputs));
        return further == 0 ? new(own, perToken)
            : new(Plus(own, FurtherInput(exchange, inputs[^1])), Plus(perToken, Times(outputs[^1], AnswersOf(exchange.Call.Legs!))));
    }

    /// <summary>The most that a request can cost, in nano-USD.</summary>
    public static long WorstOf(Exchange exchange)
    {
        var legs = StrategyOf(exchange);
        Span<long> worst = stackalloc long[legs];
        foreach (ref readonly var candidate in exchange.Plan!.Candidates.AsSpan())
            if (candidate.Dropped is null) Insert(worst, SpendBound.Of(exchange.Request!, candidate.Deployment, candidate.Price, keyCap: null).WorstNanoUsd);
        // A repair is shorter than what it repairs, or is no dearer than its own bound.
        var further = FurtherOf(exchange) == 0 ? 0 : Plus(Times(worst[^1], AnswersOf(exchange.Call.Legs!)), FurtherInput(exchange, 0));
        return Plus(Plus(Plus(Sum(worst), JudgesOf(exchange, legs)), further), exchange.Call.LookupBoundNanoUsd ?? 0);
    }

    private static int FurtherOf(Exchange exchange) => exchange.Call.Legs is { } legs ? AnswersOf(legs) + (legs.Judge is null ? 0 : 1) : 0;

    private static int AnswersOf(CallLegs legs) => legs.Retakes + legs.Repairs;

    // Those again that a reply in another form leads to, at the dearest deployment each, and the look of a judge.
    private static long FurtherInput(Exchange exchange, long dearest)
    {
        var legs = exchange.Call.Legs!;
        var judged = legs.Judge is { } judge ? JudgeBound.WorstOf(exchange, judge, legs.JudgeBytes) : 0;
        return Plus(Plus(judged, Times(dearest, legs.Retakes)), legs.Repairs == 0 ? 0 : Times(RepairBound.InputOf(exchange, legs.RepairBytes), legs.Repairs));
    }

    private static long Times(long one, int count) => (Int128)one * count is var product && product > long.MaxValue ? long.MaxValue : (long)product;

    // A judge may look at each answer but the last.
    private static long JudgesOf(Exchange exchange, int legs)
    {
        if (legs < 2 || CascadePolicy.Of(exchange)?.Judge is not { } judge) return 0;
        var all = (Int128)JudgeBound.WorstOf(exchange, judge) * (legs - 1);
        return all > long.MaxValue ? long.MaxValue : (long)all;
    }

    private static long Plus(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;

    // Keeps the largest ones, smallest first.
    private static void Insert(Span<long> largest, long value)
    {
        if (value <= largest[0]) return;
        var at = 0;
        for (; at + 1 < largest.Length && largest[at + 1] < value; at++) largest[at] = largest[at + 1];
        largest[at] = value;
    }

    private static long Sum(ReadOnlySpan<long> values)
    {
        var sum = Int128.Zero;
        foreach (var value in values) sum += value;
        return sum > long.MaxValue ? long.MaxValue : (long)sum;
    }
}
