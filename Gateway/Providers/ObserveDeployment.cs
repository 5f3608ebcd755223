using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers;

/// <summary>Notes that a request no longer runs at its deployment, and how fast that answered: what strategies go by.</summary>
internal sealed class ObserveDeployment : ISettle
{
    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        var call = exchange.Call;
        if (call.Busy is { } deployment && call.AttemptCount > 0 && exchange is { Refusal: null, Reply: { CallerLeft: false, BrokenBecause: null }, Spend: { IsEstimated: false } spend })
        {
            var attempt = call.Attempts[^1];
            long? first = exchange.Request is { Stream: true } && exchange.Reply.FirstContentUs is { } content ? content - attempt.StartUs : null;
            deployment.Traffic.Note(first, attempt.EndUs - attempt.StartUs - (first ?? 0), spend.Usage.Output);
        }
        call.End();
        return ValueTask.CompletedTask;
    }
}
