using System.Collections.Concurrent;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using AspireGateway.Gateway.Accounting.Limits;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>Keeps what is told of settlements.</summary>
internal sealed class SettleNotes : ISettleListener
{
    private readonly TaskCompletionSource<LedgerOutcome> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How the first of them ended.</summary>
    public Task<LedgerOutcome> Ended => ended.Task;

    /// <summary>How each ended.</summary>
    public ConcurrentDictionary<Hold, LedgerOutcome> Outcomes { get; } = new();

    /// <summary>What was last told of each budget.</summary>
    public ConcurrentDictionary<Meter, long> Sums { get; } = new();

    /// <inheritdoc />
    public void Note(Hold hold, Meter meter, long settledNanoUsd) => Sums[meter] = settledNanoUsd;

    /// <inheritdoc />
    public void End(Hold hold, LedgerOutcome outcome)
    {
        Outcomes[hold] = outcome;
        ended.TrySetResult(outcome);
    }
}
