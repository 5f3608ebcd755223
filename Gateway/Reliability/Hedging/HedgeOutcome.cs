using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Reliability.Hedging;

/// <summary>What there is to know of two attempts that ran at once, beside the result that counts.</summary>
/// <param name="At">The candidate whose result it is.</param>
/// <param name="Hold">What is held of its quota; null = it has none.</param>
/// <param name="Earlier">The one that failed while the other still ran; null = none did. It stands in the books already.</param>
internal sealed record HedgeOutcome(int At, Hold? Hold, HedgeFailure? Earlier);

/// <summary>One of two that failed while the other one still ran.</summary>
/// <param name="At">The candidate.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Attempt">The attempt.</param>
internal sealed record HedgeFailure(int At, ProviderFailure Failure, Attempt Attempt);
