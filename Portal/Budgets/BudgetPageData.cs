using AspireGateway.Portal.Ledger;
using AspireGateway.Portal.Scopes;

namespace AspireGateway.Portal.Budgets;

/// <summary>What a budget's own page shows.</summary>
public sealed record BudgetPageData
{
    /// <summary>How it stands.</summary>
    public required BudgetStanding Standing { get; init; }

    /// <summary>Whether the ledger told.</summary>
    public required LedgerState Ledger { get; init; }

    /// <summary>Running requests that hold it, oldest first; null = not the visitor's to see.</summary>
    public IReadOnlyList<HoldRow>? Holds { get; init; }

    /// <summary>Thresholds that it passed, newest first; of a default budget with whose share.</summary>
    public required IReadOnlyList<BudgetEventDetails> Events { get; init; }

    /// <summary>Where older thresholds begin; null = these are the oldest.</summary>
    public string? EventsNext { get; init; }

    /// <summary>Raises, newest first.</summary>
    public required IReadOnlyList<BudgetRaiseDetails> Raises { get; init; }

    /// <summary>Requests that it refused lately, newest first; null = not the visitor's to see.</summary>
    public IReadOnlyList<RefusalRow>? Refusals { get; init; }

    /// <summary>What a changed budget can name.</summary>
    public required ScopeChoices Choices { get; init; }

    /// <summary>Whether the visitor may change it.</summary>
    public required bool MayChange { get; init; }
}

/// <summary>A running request that holds a budget.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="Since">When it arrived; null = not told.</param>
/// <param name="Key">The key's name.</param>
/// <param name="Model">The model that it asked for.</param>
/// <param name="Gateway">The gateway that runs it.</param>
/// <param name="CostNanoUsd">What it holds.</param>
public sealed record HoldRow(string RequestId, DateTimeOffset? Since, string? Key, string? Model, string? Gateway, long CostNanoUsd);

/// <summary>A request that a budget refused.</summary>
/// <param name="Id">Its record.</param>
/// <param name="At">When it came.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="Key">The key's name.</param>
/// <param name="Why">The numbers at that moment, in a sentence.</param>
public sealed record RefusalRow(Guid Id, DateTimeOffset At, string RequestId, string? Key, string Why);
