using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>
/// What a deployment's provider lets us send it, taken for each attempt: a deployment whose quota is used up is passed over before its provider says so.
/// A round trip of its own, only where a quota is configured.
/// </summary>
internal sealed class DeploymentQuota(Ledger.Ledger ledger, SpendScopes scopes, TokenEstimator estimator, OutputAverages averages, TimeProvider time)
{
    private static readonly QuotaAnswer Free = new(null, null);

    /// <summary>Takes the quota of an attempt.</summary>
    /// <returns>The hold, to be settled when the attempt is over; a refusal; or neither, when the deployment has no quota.</returns>
    public ValueTask<QuotaAnswer> TakeAsync(Exchange exchange, Candidate candidate)
    {
        if (exchange is not { Snapshot.Spending: { } spending, Caller: { } caller } || !spending.Limited.Contains(caller.Organisation.Id)) return new(Free);
        var meters = scopes.OfDeployment(exchange, candidate.Deployment.IdText).Meters;
        return meters.Length == 0 ? new(Free) : TakeAsync(exchange, candidate, meters);
    }

    /// <summary>Gives back the quota of an attempt that failed: the request counts, its tokens were not used.</summary>
    public void Fail(Hold hold) => ledger.Settle(hold, new Settlement(0, 0, Undo: false));

    /// <summary>Ends the quota of an attempt that answered, or may have, and does not stand.</summary>
    public void Lose(Hold hold, Spend spend) => ledger.Settle(hold, new Settlement(spend.CostNanoUsd, spend.Usage.TotalInput + spend.Usage.Output, Undo: false));

    private async ValueTask<QuotaAnswer> TakeAsync(Exchange exchange, Candidate candidate, Meter[] meters)
    {
        var caller = exchange.Caller!;
        var facts = exchange.Request!;
        var tokens = ExpectedSpend.ExpectedInputTokens(facts, candidate.Deployment, estimator)
            + ExpectedSpend.ExpectedOutputTokens(facts, candidate.Deployment, averages, facts.OutputCap);
        var asked = new Hold(
            ledger.TenantOf(caller.Organisation.Id), Guid.CreateVersion7(time.GetUtcNow()), meters, new HoldTerms(0, 0, 0, 0, tokens, 0));
        var (answer, hold) = await ledger.ReserveAsync(asked, caller.Organisation.StorePolicy == StorePolicies.Local, exchange.Http.RequestAborted);
        if (answer.Kind == ReserveKind.Granted)
        {
            (exchange.Reservation ??= new()).Add(hold);
            return new(hold, null);
        }
        if (answer.Kind == ReserveKind.Unavailable)
            return new(null, Refusal.StoreUnavailable("What runs at the provider cannot be looked up now, and its use is limited. Try again shortly."));
        var seconds = (int)Math.Clamp((answer.First + 999_999) / 1_000_000, 1, 86_400);
        return new(null, Refusal.RateLimited(
            $"Deployment '{candidate.Deployment.Name}' is at the limit that is set for it, and no other one could serve model '{exchange.Plan!.Model.Name}'. Retry in {seconds} s, or have a platform engineer raise the limit or add a deployment.",
            seconds));
    }
}

/// <summary>Whether a deployment may be called.</summary>
/// <param name="Hold">What is held of its quota; null = it has none.</param>
/// <param name="Refusal">Why it may not; null = it may.</param>
internal readonly record struct QuotaAnswer(Hold? Hold, Refusal? Refusal);
