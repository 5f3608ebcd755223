using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing.Cascades;

namespace AspireGateway.Gateway.Pipeline;

/// <summary>
/// The attempts of a request that do not stand and cost something all the same, and what is to be said of attempts beside how they ended. Few requests have one.
/// </summary>
internal sealed class CallLegs : IDisposable
{
    private readonly List<Leg> legs = new(2);
    private readonly List<Remark> remarks = [];

    /// <summary>How many answers are held for at most: a budget that had no room for all of them has lowered it.</summary>
    public int Covered { get; set; } = int.MaxValue;

    /// <summary>Whole answers that it may have to pay for besides those of its strategy, because one is in another form than was promised.</summary>
    public int Retakes { get; set; }

    /// <summary>Questions to put a reply right that it may have to pay for.</summary>
    public int Repairs { get; private set; }

    /// <summary>A model that may be asked about the reply, once, besides a cascade's; null = none.</summary>
    public Shared.Domain.Routing.CascadeJudge? Judge { get; set; }

    /// <summary>Most bytes that it is shown besides the answer.</summary>
    public int JudgeBytes { get; set; }

    /// <summary>Most bytes of such a question.</summary>
    public int RepairBytes { get; private set; }

    /// <summary>A rule chose another strategy than the model's cascade.</summary>
    public bool IsPlain { get; set; }

    /// <summary>Ends the attempt that is begun next, besides the caller's leaving; null = nothing does.</summary>
    public CancellationToken? Stop { get; set; }

    /// <summary>Two ran at once, and nobody has looked at it yet; null = not so.</summary>
    public HedgeOutcome? Hedge { get; set; }

    /// <summary>Answers of a cascade that were put aside.</summary>
    public int Escalations { get; set; }

    /// <summary>The best of them; null = none was, or a later one stands.</summary>
    public HeldAnswer? Held { get; set; }

    /// <summary>All of them together; null = they cost nothing.</summary>
    public Spend? Lost
    {
        get
        {
            Spend? sum = null;
            foreach (var leg in legs) sum = sum is null ? leg.Spend : PriceUsage.Sum(sum, leg.Spend);
            return sum;
        }
    }

    /// <summary>One more question to put a reply right may have to be paid.</summary>
    public void AddRepair(int bytes) => (Repairs, RepairBytes) = (Repairs + 1, Math.Max(RepairBytes, bytes));

    /// <summary>Notes what an attempt used that does not stand.</summary>
    public void Add(in Attempt attempt, Spend spend) => legs.Add(new(KeyOf(attempt), spend));

    /// <summary>The attempt stands after all: it is priced as the answer.</summary>
    public void Remove(in Attempt attempt)
    {
        var key = KeyOf(attempt);
        legs.RemoveAll(leg => leg.Key == key);
    }

    /// <summary>Notes what the gate of a cascade said of an attempt's answer, or that the attempt was a judge's.</summary>
    public void Note(in Attempt attempt, in GateVerdict verdict, bool isJudge = false) => remarks.Add(new(KeyOf(attempt), verdict, isJudge));

    /// <summary>Writes what there is to say of an attempt into its place in the journey: its cost, once a request paid for more than one, and the gate's verdict.</summary>
    public void Write(Utf8JsonWriter writer, Exchange exchange, int attempt)
    {
        var key = KeyOf(exchange.Call.Attempts[attempt]);
        if (Lost is { } lost)
        {
            var isStanding = attempt == exchange.Call.AttemptCount - 1 && exchange.Call.Standing is not null;
            var cost = isStanding && exchange.Spend is { } whole ? whole.CostNanoUsd - lost.CostNanoUsd - (exchange.Call.Lookup?.CostNanoUsd ?? 0) : 0;
            foreach (var leg in legs)
                if (leg.Key == key) cost += leg.Spend.CostNanoUsd;
            writer.WriteNumber("cost_nano_usd"u8, cost);
        }
        foreach (var remark in remarks)
        {
            if (remark.Key != key) continue;
            if (remark.IsJudge) writer.WriteString("role"u8, QualityGate.Judge);
            else writer.WriteNumber("score"u8, Math.Round(remark.Verdict.Score, 3));
            if (remark.Verdict.Check is { } check) writer.WriteString("gate"u8, check);
            if (remark.Verdict.Detail is { } detail) writer.WriteString("gate_detail"u8, detail);
            return;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Held?.Reply.Dispose();
        Held = null;
    }

    // No deployment is called twice in the same microsecond by one request.
    private static (long StartUs, Guid Deployment) KeyOf(in Attempt attempt) => (attempt.StartUs, attempt.Candidate.Deployment.Id);

    private readonly record struct Leg((long StartUs, Guid Deployment) Key, Spend Spend);

    private readonly record struct Remark((long StartUs, Guid Deployment) Key, GateVerdict Verdict, bool IsJudge);
}
