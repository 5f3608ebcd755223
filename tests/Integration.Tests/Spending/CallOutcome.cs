using System.Net;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What a caller saw of one request.</summary>
/// <param name="Id">Its request id.</param>
/// <param name="Status">The status; null = no answer came.</param>
/// <param name="Code">The error's code; null = there was none.</param>
/// <param name="CostNanoUsd">What it cost by the gateway's word; null = the answer did not come whole.</param>
/// <param name="OutputTokens">Output tokens of an answer that came whole.</param>
internal sealed record CallOutcome(string Id, HttpStatusCode? Status, string? Code, long? CostNanoUsd, long OutputTokens)
{
    /// <summary>The caller has the whole answer.</summary>
    public bool IsServed => CostNanoUsd is not null;

    /// <summary>A budget refused it.</summary>
    public bool IsOverBudget => Status == HttpStatusCode.PaymentRequired;
}
