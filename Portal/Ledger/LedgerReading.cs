using System.Runtime.InteropServices;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Portal.Ledger;

/// <summary>Whether the ledger told what is settled and held now.</summary>
public enum LedgerState
{
    /// <summary>It did.</summary>
    Live,

    /// <summary>Redis did not answer in time.</summary>
    Away,

    /// <summary>Redis answers, and no limited request was counted there yet: nothing is held.</summary>
    NotOpen,

    /// <summary>Redis answers, and gateways are rebuilding the organisation's ledger from the books: what is held is not known until they have.</summary>
    Opening,

    /// <summary>The portal was given no Redis: each gateway counts by itself.</summary>
    None,
}

/// <summary>A budget in one window, as the ledger counts it.</summary>
/// <param name="SettledNanoUsd">What ended requests cost.</param>
/// <param name="HeldNanoUsd">What running requests may still cost.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LedgerMeter(long SettledNanoUsd, long HeldNanoUsd);

/// <summary>A running request that holds money.</summary>
/// <param name="RecordId">The id of its usage record to be.</param>
/// <param name="CostNanoUsd">What it holds against each of its budgets.</param>
/// <param name="Instance">The gateway that runs it.</param>
/// <param name="Budgets">The ledger's fields of the budgets that it was taken on.</param>
/// <param name="Record">Whose it is; null = not told.</param>
public sealed record LiveHold(Guid RecordId, long CostNanoUsd, Guid Instance, IReadOnlyList<string> Budgets, LedgerHoldRecord? Record);

/// <summary>What the ledger said.</summary>
public sealed record LedgerReading
{
    /// <summary>Whether it said anything.</summary>
    public required LedgerState State { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its budgets by their fields; one that is missing counts as nothing spent.</summary>
    public IReadOnlyDictionary<string, LedgerMeter> Meters { get; init; } = new Dictionary<string, LedgerMeter>(StringComparer.Ordinal);

    /// <summary>Running requests, oldest first.</summary>
    public IReadOnlyList<LiveHold> Holds { get; init; } = [];

    /// <summary>False: more is running, or more shares of default budgets exist, than was looked at.</summary>
    public bool IsWhole { get; init; } = true;
}
