using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>What a request asks the ledger for under one plan.</summary>
internal sealed class SpendAttempt
{
    /// <summary>Its meters in the organisation, from wide to narrow.</summary>
    public required Meter[] Inside { get; init; }

    /// <summary>Its meters across organisations.</summary>
    public required Meter[] Across { get; init; }

    /// <summary>How much.</summary>
    public required HoldTerms Terms { get; init; }

    /// <summary>The record that it gets if this process dies.</summary>
    public required JournalOpening Opening { get; init; }

    /// <summary>The same, encoded.</summary>
    public required byte[] Record { get; init; }

    /// <summary>Whether an exact budget relies on the cap of output tokens.</summary>
    public required bool IsBounded { get; init; }

    /// <summary>Whether some candidate would go beyond the bound unless it is told.</summary>
    public required bool MustTellCap { get; init; }

    /// <summary>Most output tokens that limits allow; null = any number.</summary>
    public required long? OutputLimit { get; init; }

    /// <summary>
    /// Whether the answer was cut so short that an orphan's estimate would be more than is held. What a dead gateway's request is charged must fit into its
    /// hold, so it is to be asked for again with that cut.
    /// </summary>
    public bool MustBeCut(long grantedTokens) => IsBounded && grantedTokens < Terms.MostOutputTokens && Terms.CostWith(grantedTokens) < Terms.EstimatedNanoUsd;

    /// <summary>The same without cost and tokens: only what counts requests; null = nothing does. For a request that the cache may answer though a budget has no room for it.</summary>
    public SpendAttempt? OfRequestsOnly()
    {
        var (inside, across) = (Array.FindAll(Inside, static meter => meter.Type is LedgerFields.Requests or LedgerFields.Concurrency), Array.FindAll(Across, static meter => meter.Type is LedgerFields.Requests or LedgerFields.Concurrency));
        return inside.Length + across.Length == 0 ? null : new()
        {
            Inside = inside, Across = across, Terms = new(0, 0, Terms.MostOutputTokens, Terms.FewestOutputTokens, 0, 0), Opening = Opening with { EstimatedCostNanoUsd = 0 },
            Record = RecordEncoder.WithCost(Record, 0), IsBounded = false, MustTellCap = false, OutputLimit = OutputLimit,
        };
    }

    /// <summary>The hold in the organisation.</summary>
    public Hold HoldInside(Ledger.Ledger ledger, Exchange exchange) => Of(ledger, exchange.Caller!.Organisation.Id, Inside, Record);

    /// <summary>The hold across organisations. The record is written by whoever sweeps the organisation's hold, if there is one.</summary>
    public Hold HoldAcross(Ledger.Ledger ledger) => Of(ledger, Guid.Empty, Across, Inside.Length > 0 ? [] : Record);

    /// <summary>A limit that queues, and has a queue already: whoever comes now goes to its end. Null = there is none.</summary>
    public Meter? QueueAt(RequestQueue queue)
    {
        if (queue.Depth == 0) return null;
        foreach (var meter in Inside)
            if (meter.Limit?.Row.OnLimit == LimitActions.Queue && queue.IsBusy(meter)) return meter;
        foreach (var meter in Across)
            if (meter.Limit?.Row.OnLimit == LimitActions.Queue && queue.IsBusy(meter)) return meter;
        return null;
    }

    /// <summary>Whether some candidate could answer with more than so many output tokens of its own accord.</summary>
    public static bool MustTell(Exchange exchange, long most)
    {
        if (exchange.Operation.Kind != OperationKind.Chat || exchange.Request!.MaxOutputTokens <= most) return false;
        // A number of the caller's is what a provider goes by, also where it is above what the configuration says of the model.
        if (exchange.Request.MaxOutputTokens > most) return true;
        foreach (var candidate in exchange.Plan!.Candidates)
            if (candidate.Dropped is null && !(candidate.Deployment.MaxOutputTokens <= most)) return true;
        return false;
    }

    private Hold Of(Ledger.Ledger ledger, Guid organisation, Meter[] meters, byte[] record) =>
        new(ledger.TenantOf(organisation), Opening.Id, meters, Terms) { Record = record, ArrivedAtUs = Opening.AtUs, IsPaired = Inside.Length > 0 && Array.Exists(Across, static meter => meter.Type != LedgerFields.Requests) };
}
