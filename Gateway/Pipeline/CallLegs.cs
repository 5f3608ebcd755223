using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Accounting;

/// <summary>
/// The attempts of a request that do not stand and cost something all the same, and what is to be said of attempts beside how they ended. Few requests have one.
/// </summary>
internal sealed class CallLegs
{
    private readonly List<Leg> legs = new(2);

    /// <summary>How many answers are held for at most: a budget that had no room for all of them has lowered it.</summary>
    public int Covered { get; set; } = int.MaxValue;

    /// <summary>Ends the attempt that is begun next, besides the caller's leaving; null = nothing does.</summary>
    public CancellationToken? Stop { get; set; }

    /// <summary>Two ran at once, and nobody has looked at it yet; null = not so.</summary>
    public Reliability.Hedging.HedgeOutcome? Hedge { get; set; }

    /// <summary>All of them together; null = they cost nothing.</summary>
    public Spend? Lost { get; private set; }

    /// <summary>Notes what an attempt used that does not stand.</summary>
    /// <param name="attempt">Its place among the attempts.</param>
    /// <param name="spend">What it used.</param>
    public void Add(int attempt, Spend spend)
    {
        Lost = Lost is { } before ? PriceUsage.Sum(before, spend) : spend;
        legs.Add(new(attempt, spend));
    }

    /// <summary>What an attempt used that does not stand; null = nothing, or it stands.</summary>
    public Spend? Of(int attempt)
    {
        Spend? sum = null;
        foreach (var leg in legs)
            if (leg.Attempt == attempt) sum = sum is null ? leg.Spend : PriceUsage.Sum(sum, leg.Spend);
        return sum;
    }

    /// <summary>Writes what there is to say of an attempt into its place in the journey: its cost, once a request paid for more than one.</summary>
    public void Write(Utf8JsonWriter writer, Exchange exchange, int attempt)
    {
        if (Lost is null) return;
        var isStanding = attempt == exchange.Call.AttemptCount - 1 && exchange.Call.Standing is not null;
        var cost = (Of(attempt)?.CostNanoUsd ?? 0) + (isStanding && exchange.Spend is { } whole ? whole.CostNanoUsd - Lost.CostNanoUsd : 0);
        writer.WriteNumber("cost_nano_usd"u8, cost);
    }

    private readonly record struct Leg(int Attempt, Spend Spend);
}
