using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Circuits;

namespace AspireGateway.Gateway.Providers;

/// <summary>Notes that a request no longer runs at its deployment, and how fast that answered: what strategies go by.</summary>
internal sealed class ObserveDeployment(CircuitWatch circuits) : ISettle
{
    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        var call = exchange.Call;
        if (call.Busy is { } called)
        {
            if (exchange.Reply.CallerLeft || call.Standing is null) CircuitWatch.Left(called);
            else if (exchange.Reply.Broken is not { } broken) circuits.Succeeded(exchange, called);
            // What the caller's own deadline cut says nothing of the provider.
            else if (!call.Standing.Timer.IsCutByDeadline) circuits.Broke(exchange, called, broken);
        }
        if (call.Busy is { } deployment && call.AttemptCount > 0 && exchange is { Refusal: null, Reply: { CallerLeft: false, BrokenBecause: null }, Spend: { IsEstimated: false } spend })
        {
            var attempt = call.Attempts[^1];
            long? first = exchange.Request is { Stream: true } && exchange.Reply.FirstContentUs is { } content ? content - attempt.StartUs : null;
            deployment.Traffic.Note(first, attempt.EndUs - attempt.StartUs - (first ?? 0), spend.Usage.Output - (call.Lost?.Usage.Output ?? 0));
        }
        call.End();
        return ValueTask.CompletedTask;
    }
}
