using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Circuits;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>
/// Counts how a request went in its arm: by its first attempt, since a fallback that saves the caller must not hide that the canary failed. A request that was refused before
/// it was called, or whose caller left, says nothing.
/// </summary>
internal sealed class CountArms : ISettle
{
    private const double NanoPerMicro = 1_000;
    private const string Ok = "ok", Estimated = "estimated";

    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        if (exchange.Plan?.Arm is not { } arm || exchange.Reply.CallerLeft || exchange.Call.AttemptCount == 0) return ValueTask.CompletedTask;
        var first = exchange.Call.Attempts[0];
        // Its quota was used up, or it was stopped: the request went elsewhere at once. But that its circuit opened is its own failing, which others must not hide.
        if (first.Candidate.Deployment.Id == arm.Of.Deployment.Id != arm.IsCanary)
        {
            if (arm.IsCanary && HasOpenCircuit(exchange.Plan.Candidates, arm.Of.Deployment.Id)) arm.Tally.Fail();
            return ValueTask.CompletedTask;
        }
        // Counted by the gateway itself: nobody was called.
        if (first.Outcome == Estimated) return ValueTask.CompletedTask;

        var stands = exchange.Call.Standing is not null && exchange.Call.AttemptCount == 1;
        if (first.Outcome != Ok || (stands && exchange.Reply.Broken is not null)) arm.Tally.Fail();
        else arm.Tally.Serve(first.EndUs - first.StartUs, stands && exchange.Spend is { } spend ? spend.CostNanoUsd / NanoPerMicro : null);
        return ValueTask.CompletedTask;
    }

    private static bool HasOpenCircuit(Candidate[] candidates, Guid deployment) => Array.Exists(
        candidates, candidate => candidate.Deployment.Id == deployment && candidate.Dropped == Circuit.CircuitOpen && !candidate.Deployment.Traffic.Circuit.IsHeld);
}
