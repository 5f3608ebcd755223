using AspireGateway.Gateway.Caching;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Flights;
using AspireGateway.Gateway.Caching.Semantic;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Shared.Caching;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>
/// Keeps a reply for the next who asks, and gives it to those who wait for it. Only what is whole and good: never one that was cut off, blocked, refused or empty, one of a
/// fallback, or an error. Before the books are closed, because they let go of what it is made from; the store is written beside the requests.
/// </summary>
internal sealed class RememberReply(NearCache near, CacheKeeper keeper, FlightTable flights, SemanticSearch similar, TimeProvider time) : ISettle
{
    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        if (exchange.Cache is not { } cache) return ValueTask.CompletedTask;
        var outcome = FlightOutcome.Failed;
        CachedReply? kept = null;
        try
        {
            if (!HasEndedWell(exchange)) return ValueTask.CompletedTask;
            outcome = FlightOutcome.NotShared;
            if (!cache.MayKeep || KeptBody.Of(exchange) is not { } body) return ValueTask.CompletedTask;
            kept = Keep(exchange, cache, body);
            outcome = FlightOutcome.Answered;
        }
        finally
        {
            if (cache.Leads is { } flight)
            {
                cache.Leads = null;
                flights.End(flight, outcome, kept);
            }
        }
        return ValueTask.CompletedTask;
    }

    private CachedReply Keep(Exchange exchange, CacheLookup cache, byte[] body)
    {
        var standing = exchange.Call.Standing!;
        var reply = new CachedReply
        {
            CreatedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(), TtlSeconds = cache.TtlSeconds, LatencyUs = exchange.ElapsedUs, CostNanoUsd = exchange.Spend?.CostNanoUsd ?? 0,
            DeploymentId = standing.Candidate.Deployment.Id, Deployment = standing.Candidate.Deployment.Name, Provider = standing.Candidate.Deployment.Provider.Slug,
            ServedModel = standing.Facts.ServedModel, Body = body,
        };
        near.Add(cache.Digest, reply, cache.Generation);
        // Without the epochs of before nobody could tell whether it was purged meanwhile.
        if (cache.Dependencies is null && keeper.IsShared) return reply;
        var life = (long)cache.TtlSeconds + cache.Terms.ServeStaleSeconds;
        var row = cache.Question is { } question ? similar.Keep(question, cache.Digest, life) : null;
        if (cache.Dependencies is { } known)
            keeper.Keep(new(new CacheKeys(exchange.Caller!.Organisation.Id), cache.Digest, reply, known, life) { Row = row, Scope = cache.Question?.Scope ?? default });
        return reply;
    }

    // A whole reply is there even if its caller has left by now; of a stream the rest is not.
    private static bool HasEndedWell(Exchange exchange) =>
        exchange is { Refusal: null, Cache.Answer: null, Reply: { BrokenBecause: null, IsDegraded: false }, Call.Standing: { Status: StatusCodes.Status200OK, Candidate.Leg: null } standing }
        && (!exchange.Reply.CallerLeft || standing.Events is null) && exchange.Plan!.Reason != CascadeCall.Kept;
}
