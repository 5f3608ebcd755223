using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Makes the usage record of a finished exchange.</summary>
internal static class UsageRecordWriter
{
    private const int CallerLeftStatus = 499;
    private const string ExactHit = "exact", SemanticHit = "semantic";
    private const int MaxServedModelLength = 200;
    private const int MaxServiceTierLength = 40;

    /// <summary>The record.</summary>
    public static UsageRecord Write(Exchange exchange, Spend spend, string status)
    {
        var caller = exchange.Caller!;
        var facts = exchange.Request;
        var call = exchange.Call;
        var last = LastCandidate(exchange);
        var latency = exchange.ElapsedUs;
        var saved = exchange.Saved;
        return new UsageRecord
        {
            Id = exchange.Id,
            At = exchange.ArrivedAt,
            RequestId = exchange.RequestId,
            OrganisationId = caller.Organisation.Id,
            TeamId = caller.Team.Id,
            KeyId = caller.Key.Id,
            UserId = facts?.UserId,
            Feature = facts?.Feature ?? caller.Key.Feature,
            Agent = facts?.Agent,
            Route = exchange.Operation.Name,
            Task = exchange.Task?.Label ?? facts?.DeclaredTask,
            Model = exchange.Plan?.Model.Name,
            Provider = last?.Deployment.Provider.Slug,
            Deployment = last?.Deployment.Name,
            ServedModel = call.Standing?.Facts.ServedModel is { Length: > 0 and <= MaxServedModelLength } served ? served : null,
            FallbackChain = ChainOf(call.Attempts),
            PriceVersionId = spend.PriceVersionId,
            InputTokens = spend.Usage.Input,
            CacheReadTokens = spend.Usage.CacheRead,
            CacheWriteTokens = spend.Usage.CacheWrite,
            OutputTokens = spend.Usage.Output,
            ReasoningTokens = spend.Usage.Reasoning,
            Units = UnitsWriter.Write(spend.Units),
            ServiceTier = spend.ServiceTier is { Length: <= MaxServiceTierLength } tier ? tier : null,
            LatencyUs = latency,
            TtftUs = exchange.Reply.FirstContentUs,
            OverheadUs = Math.Max(0, latency - call.UpstreamUs),
            Status = status,
            StatusCode = status == UsageStatuses.Aborted ? CallerLeftStatus : exchange.Reply.StatusCode,
            Error = exchange.Refusal?.Code ?? (exchange.Reply.BrokenBecause is null ? null : exchange.Reply.BrokenBecause == "timeout" ? "upstream_timeout" : "upstream_error"),
            CostNanoUsd = spend.CostNanoUsd,
            Estimated = spend.IsEstimated,
            Streamed = facts?.Stream ?? false,
            Tags = facts?.Tags,
            CacheHit = saved is null ? null : exchange.Cache!.Similarity is null ? ExactHit : SemanticHit,
            SavedNanoUsd = saved?.NanoUsd,
            SavedUs = saved?.Us,
            PrefixSavedNanoUsd = spend.PrefixSavedNanoUsd,
            GuardrailsTriggered = exchange.Screened?.Tally is { Lines.Count: > 0 } tally ? tally.Guardrails : [],
        };
    }

    private static Candidate? LastCandidate(Exchange exchange) =>
        exchange.Call.Standing?.Candidate ?? exchange.Call.InFlight
        ?? (exchange.Call.AttemptCount > 0 ? exchange.Call.Attempts[^1].Candidate : null);

    private static string[] ChainOf(ReadOnlySpan<Providers.Attempt> attempts)
    {
        // One attempt is no chain: the deployment stands in its own column.
        if (attempts.Length < 2) return [];
        var chain = new string[attempts.Length];
        for (var i = 0; i < chain.Length; i++) chain[i] = attempts[i].Candidate.Deployment.Name;
        return chain;
    }
}
