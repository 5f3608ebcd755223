using AspireGateway.Portal.Ledger;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>How a budget stands in its present window.</summary>
public sealed record BudgetStanding
{
    /// <summary>The budget.</summary>
    public required BudgetRow Budget { get; init; }

    /// <summary>Its present window.</summary>
    public required BudgetWindow Window { get; init; }

    /// <summary>When that was.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The cap with its raises, in nano-USD.</summary>
    public required long CapNanoUsd { get; init; }

    /// <summary>What is settled, in nano-USD; of a default budget by whoever spent most. Null = not known.</summary>
    public long? SettledNanoUsd { get; init; }

    /// <summary>What running requests hold, in nano-USD. Null = not known.</summary>
    public long? HeldNanoUsd { get; init; }

    /// <summary>How many running requests hold it. Null = not known, or more than were looked at.</summary>
    public int? Holds { get; init; }

    /// <summary>Those requests, oldest first, as far as they were looked at.</summary>
    public IReadOnlyList<LiveHold> Running { get; init; } = [];

    /// <summary>Whether what is settled comes from the request log instead of the ledger: it may lag by a few seconds.</summary>
    public bool IsFromLog { get; init; }

    /// <summary>Of a default budget: who has spent of theirs, the dearest first, at most 20.</summary>
    public IReadOnlyList<BudgetShare> Shares { get; init; } = [];

    /// <summary>Of a default budget: how many have spent of theirs. Null = not known.</summary>
    public int? ShareCount { get; init; }

    /// <summary>Whether it is a share of each and no sum.</summary>
    public bool IsDefault => Budget.ScopeId is null && ScopeKinds.WithDefaults.Contains(Budget.ScopeKind, StringComparer.Ordinal);

    /// <summary>What is left, in nano-USD; null = not known.</summary>
    public long? AvailableNanoUsd => SettledNanoUsd is { } settled && HeldNanoUsd is { } held ? Math.Max(0, CapNanoUsd - settled - held) : null;
}

/// <summary>One's part of a default budget.</summary>
/// <param name="ScopeId">Whose.</param>
/// <param name="Name">Their name for people; null = deleted.</param>
/// <param name="SettledNanoUsd">What is settled.</param>
/// <param name="HeldNanoUsd">What running requests hold.</param>
/// <param name="CapNanoUsd">Their cap, raises included.</param>
public sealed record BudgetShare(string ScopeId, string? Name, long SettledNanoUsd, long HeldNanoUsd, long CapNanoUsd);

/// <summary>How budgets stand.</summary>
/// <param name="Ledger">Whether the ledger told.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Standings">Each budget, in the order in which they were asked for.</param>
public sealed record BudgetStandings(LedgerState Ledger, DateTimeOffset At, IReadOnlyList<BudgetStanding> Standings);
