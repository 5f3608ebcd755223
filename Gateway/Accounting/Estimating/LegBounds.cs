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
    public static int WantedBy(Exchange exchange) =>
        CascadePolicy.Of(exchange) is { } cascade ? Math.Max(1, CascadePolicy.StepsOf(cascade, exchange.Plan!.Candidates))
        : HedgePolicy.Of(exchange) is not null ? Math.Clamp(HedgePolicy.OwnOf(exchange.Plan!), 1, 2)
        : 1;

    /// <summary>The bound for so many answers.</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="legs">How many.</param>
    /// <param name="outputLimit">Most output tokens that limits allow; null = any number.</param>
    public static LegBounds Of(Exchange exchange, int legs, long? outputLimit)
    {
        // Which of them will be asked is not known: the dearest inputs and the dearest outputs, whosever they are.
        Span<long> inputs = stackalloc long[legs], outputs = stackalloc long[legs];
        foreach (ref readonly var candidate in exchange.Plan!.Candidates.AsSpan())
        {
            if (candidate.Dropped is not null) continue;
            var bound = SpendBound.Of(exchange.Request!, candidate.Deployment, candidate.Price, outputLimit);
            Insert(inputs, bound.InputNanoUsd);
            Insert(outputs, bound.OutputTokenNanoUsd);
        }
        return new(Plus(Sum(inputs), JudgesOf(exchange, legs)), Sum(outputs));
    }

    /// <summary>The most that a request can cost, in nano-USD.</summary>
    public static long WorstOf(Exchange exchange)
    {
        var legs = WantedBy(exchange);
        Span<long> worst = stackalloc long[legs];
        foreach (ref readonly var candidate in exchange.Plan!.Candidates.AsSpan())
            if (candidate.Dropped is null) Insert(worst, SpendBound.Of(exchange.Request!, candidate.Deployment, candidate.Price, keyCap: null).WorstNanoUsd);
        return Plus(Sum(worst), JudgesOf(exchange, legs));
    }

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
