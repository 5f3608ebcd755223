using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Telemetry.RequestLog;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>
/// Closes the books of a request: its one usage record and its journey go to the journal, its figures to the metrics, a line to the request log. Also for refusals and for
/// callers who left; only requests whose organisation is unknown (no valid key) have no record, since there is nobody to book them on.
/// </summary>
internal sealed class RecordUsage(UsageJournal journal, OutputAverages averages, TokenEstimator estimator, GatewayMetrics metrics, RequestLog log) : ISettle
{
    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        // A stream that broke was not priced while it was sent; one whose caller left was priced without its last events.
        var spend = exchange.Spend is { } known && !exchange.Reply.CallerLeft ? known : PriceUsage.Of(exchange);
        exchange.Spend = spend;
        var status = StatusOf(exchange);
        metrics.Record(exchange, spend, status);
        if (spend.PrefixSavedNanoUsd is { } prefix and not 0 && exchange.Plan is { } plan)
        {
            var counts = metrics.Cache.Of(plan.Model.Name);
            (prefix > 0 ? counts.PrefixSavedNanoUsd : counts.PrefixPremiumNanoUsd).Add(Math.Abs(prefix));
        }
        if (exchange.Operation.Kind == Ingress.OperationKind.Chat && exchange.Call is { Standing: { } standing, Lost: null } && !spend.IsEstimated && status == UsageStatuses.Ok)
            averages.Learn(standing.Candidate.Deployment.Id, spend.Usage.Output);

        // Guesses are measured against what a provider counted for the whole prompt, and nothing else.
        if (exchange is { Call.Standing: { Facts.Usage: { } counted, Facts.IsFinished: true } counting, Request: { } facts })
            estimator.Learn(facts, counting.Candidate.Deployment, counted.TotalInput);

        if (exchange.Caller is not null)
        {
            var record = UsageRecordWriter.Write(exchange, spend, status);
            log.Note(record);
            var closing = new JournalClosing(record, JourneyWriter.Write(exchange));
            if (exchange.IsOpened) journal.Close(closing);
            else journal.TryAppend(closing);
        }
        exchange.Call.Standing?.Dispose();
        exchange.Call.Legs?.Dispose();
        exchange.Request?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string StatusOf(Exchange exchange)
    {
        if (exchange.Reply.CallerLeft) return UsageStatuses.Aborted;
        // What a guardrail keeps back was answered well; it is no failure of its provider.
        if (exchange.Refusal is { Code: Refusal.GuardrailBlockedCode or Refusal.QuarantinedCode }) return UsageStatuses.Refused;
        if (exchange.Reply.BrokenBecause is not null) return UsageStatuses.Truncated;
        if (exchange.Reply.IsDegraded) return UsageStatuses.Degraded;
        if (exchange.Refusal is null) return UsageStatuses.Ok;
        return exchange.Call.AttemptCount > 0 ? UsageStatuses.Failed : UsageStatuses.Refused;
    }
}
