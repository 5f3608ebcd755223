using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Collects what a request must hold under its plan.</summary>
internal sealed class SpendAttempts(SpendScopes scopes, SpendTerms terms, TokenEstimator estimator, OutputAverages averages)
{
    [ThreadStatic]
    private static byte[]? scratch;

    /// <summary>Makes an attempt; none when nothing is to be held.</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="softened">Budgets that have sent it to a cheaper model and do not refuse it there.</param>
    /// <param name="cutTo">Output tokens that a budget had left for it; null = not known yet.</param>
    /// <param name="attempt">Gets the attempt.</param>
    /// <returns>Why it is refused without asking the ledger; null = it is not.</returns>
    public Refusal? Make(Exchange exchange, List<string> softened, long? cutTo, out SpendAttempt? attempt)
    {
        attempt = null;
        var (facts, key) = (exchange.Request!, exchange.Caller!.Key);
        ScopeList inside = default, across = default;
        scopes.Find(exchange, exchange.Plan!.Model.Name, ref inside, ref across);
        var output = inside.OutputTokens is { } mine && !(across.OutputTokens?.Row.Amount < mine.Row.Amount) ? mine : across.OutputTokens;
        if (output is not null && facts.MaxOutputTokens > output.Row.Amount && output.Row.OnLimit != LimitActions.Clamp)
            return LimitRefusals.TooMuchOutput(facts.MaxOutputTokens.Value, output.Row.Amount, exchange.Operation.MaxTokensFields is [var field, ..] ? field : "max_tokens");

        var once = exchange.Reservation?.Approval is { Once: true } approval ? approval : null;
        if (inside.Count == 0 && across.Count == 0 && once is null)
        {
            if (output is not null) Cut(exchange, output.Row.Amount);
            return null;
        }
        exchange.Reservation ??= new();
        var asked = terms.Of(exchange, cutTo < output?.Row.Amount ? cutTo : output?.Row.Amount ?? cutTo);
        var opening = OpeningOf.Request(exchange, estimator, averages, asked.MostOutputTokens);
        attempt = new()
        {
            Inside = Soften(inside, once, key.HoldPolicy, softened),
            Across = Soften(across, null, key.HoldPolicy, softened),
            // What the journal would book for an orphan and what the ledger would charge must be the same number.
            Terms = asked with { EstimatedNanoUsd = opening.EstimatedCostNanoUsd },
            Opening = opening,
            Record = Encode(opening),
            OutputLimit = output?.Row.Amount,
            IsBounded = key.HoldPolicy == HoldPolicies.Exact && (inside.HasBudgets || across.HasBudgets),
            MustTellCap = SpendAttempt.MustTell(exchange, asked.MostOutputTokens),
        };
        return null;
    }

    /// <summary>Cuts a request to its limit of output tokens.</summary>
    private static void Cut(Exchange exchange, long limit)
    {
        var facts = exchange.Request!;
        facts.OutputCap = limit;
        if (facts.MaxOutputTokens > limit) (exchange.Reservation ??= new()).ClampedTo = limit;
    }

    private static Meter[] Soften(in ScopeList scopes, ApprovalRow? once, string policy, List<string> softened)
    {
        var meters = scopes.ToArray();
        for (var i = 0; i < meters.Length; i++)
        {
            var meter = meters[i];
            if (meter.Type == LedgerFields.Budget && meter.First >= 0 && (policy == HoldPolicies.Soft || softened.Contains(meter.Name))) meters[i] = meter.AsSoft();
        }
        return once is null ? meters : [.. meters, Meter.Of(once)];
    }

    private static byte[] Encode(in JournalOpening opening)
    {
        var buffer = scratch ??= new byte[RecordEncoder.MaxBytes];
        return buffer[..RecordEncoder.Encode(opening, RecordLimits.Compact, buffer)];
    }
}
