namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>How much of budgets is used, as far as this gateway has heard.</summary>
internal interface IBudgetShares
{
    /// <summary>What was settled of a budget in its window; null = nothing was heard yet.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="scopeKind">Kind of the scope that it counts for.</param>
    /// <param name="scopeId">Which one; empty for the organisation.</param>
    /// <returns>Nano-USD.</returns>
    long? SettledNanoUsd(Guid budget, string scopeKind, string scopeId);
}
