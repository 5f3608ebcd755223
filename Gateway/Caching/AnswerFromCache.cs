using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Flights;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Policies;
using AspireGateway.Gateway.Caching.Semantic;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Caching.Tallies;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Caching;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Caching;

/// <summary>
/// Was it answered before? Looks in this process's memory, then in Redis, then for a similar question; while an equal request is on its way it waits for that one's reply. Asks nobody where no policy
/// says so. What a budget refused ends here unless there is an answer.
/// </summary>
internal sealed class AnswerFromCache(
    NearCache near, CacheStore store, FlightTable flights, SemanticSearch similar, CacheMetrics metrics, CacheTally tally, IOptions<IngressOptions> ingress, IOptions<ReliabilityOptions> reliability, TimeProvider time) : IDecide
{
    // After so many leaders that failed, everybody asks for themselves: a caller's time is not spent waiting for others' failures.
    private const int MostFailedLeaders = 2;

    private readonly int maxDepth = ingress.Value.MaxJsonDepth;

    /// <summary>What a request's policies come to; null = the cache has nothing to do with it.</summary>
    public static CacheTerms? TermsOf(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var policies = caller.Organisation.Caching;
        return policies.IsEmpty || exchange.Operation.Kind is not (OperationKind.Chat or OperationKind.Embeddings)
            ? null : policies.For(caller.Team.IdText, exchange.Request!.KeyId ?? caller.Key.IdText, exchange.Plan!.Model.Name);
    }

    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var facts = exchange.Request!;
        if (TermsOf(exchange) is not { } terms) return WithoutCache(exchange);
        var cache = exchange.Cache = new CacheLookup(terms) { Generation = near.Generation };
        if (facts.CacheTtlSeconds is { } asked) cache.TtlSeconds = Math.Min(asked, terms.TtlSeconds);
        if (!CacheKey.TryMake(exchange, terms, maxDepth, out var digest))
        {
            metrics.Of(exchange.Plan!.Model.Name).Bypasses.Add(1);
            return WithoutCache(exchange);
        }
        cache.Digest = digest;
        cache.MayKeep = !facts.CacheAsks.HasFlag(CacheAsks.NoStore);
        if (facts.CacheAsks.HasFlag(CacheAsks.NoCache)) return RenewAsync(exchange, cache);
        return near.Find(digest) is { } reply && IsUsable(exchange, cache, reply) ? Give(exchange, cache, reply) : LookAsync(exchange, cache);
    }

    private static ValueTask<Decision> WithoutCache(Exchange exchange) =>
        exchange.Request!.CacheAsks.HasFlag(CacheAsks.OnlyIfCached) ? Decision.Refuse(NotCached())
        : exchange.Reservation?.Pending is { } pending ? Decision.Refuse(pending) : Decision.Continue;

    /// <summary>A new reply is wanted; only the epochs are asked for, so that it can be kept.</summary>
    private async ValueTask<Decision> RenewAsync(Exchange exchange, CacheLookup cache)
    {
        metrics.Of(exchange.Plan!.Model.Name).Bypasses.Add(1);
        if (cache.MayKeep && cache.Terms.Semantic is not null) cache.Question = await similar.AskAsync(exchange, cache, mayCall: false);
        if (cache.MayKeep) (_, cache.Dependencies) = await store.LookAsync(KeysOf(exchange), cache.Digest, CacheDependencies.Of(exchange));
        return exchange.Reservation?.Pending is { } pending ? pending : Decision.Continue;
    }

    /// <summary>1. Is an equal request on its way? Then its reply is waited for. 2. Memory, again: the one before may have ended just now. 3. Redis. 4. A similar question. 5. Nothing: this one is asked, and others wait for it.</summary>
    private async ValueTask<Decision> LookAsync(Exchange exchange, CacheLookup cache)
    {
        var asks = exchange.Request!.CacheAsks;
        var mayLead = cache.MayKeep && exchange.Reservation?.Pending is null && !asks.HasFlag(CacheAsks.OnlyIfCached);
        var mayShare = mayLead || exchange.Reservation?.Pending is not null;
        for (var failed = 0; mayShare;)
        {
            // 1
            var flight = flights.Join(cache.Digest, mayLead, out var leads);
            if (leads) cache.Leads = flight;
            if (flight is null || leads) break;
            if (await WaitAsync(exchange, flight) is not { } end) return Refusal.UpstreamTimeout("An equal request is being answered, and its answer did not come within this one's time. Try again shortly.");
            if (end is { Outcome: FlightOutcome.Answered, Reply: { } shared } && IsUsable(exchange, cache, shared) && MayBeSimilar(exchange, end.Similarity))
            {
                metrics.Shared.Add(1);
                return Give(exchange, cache, shared, end.Similarity);
            }
            mayShare = end.Outcome == FlightOutcome.Failed && ++failed < MostFailedLeaders;
        }
        // 2
        if (near.Find(cache.Digest) is { } here)
        {
            if (IsUsable(exchange, cache, here)) return Give(exchange, cache, here);
            NoteStale(exchange, cache, here);
        }
        // 3
        var (found, dependencies) = await store.LookAsync(KeysOf(exchange), cache.Digest, CacheDependencies.Of(exchange));
        cache.Dependencies = dependencies;
        if (found is not null && IsUsable(exchange, cache, found))
        {
            near.Add(cache.Digest, found, cache.Generation);
            return Give(exchange, cache, found);
        }
        if (found is not null) NoteStale(exchange, cache, found);
        // 4. Where the store does not answer nobody waits for it twice.
        if (cache.Terms.Semantic is not null && (dependencies is not null || !store.IsShared)
            && await similar.FindAsync(exchange, cache, reply => IsUsable(exchange, cache, reply)) is { } hit) return Give(exchange, cache, hit.Reply, hit.Similarity, hit.Entry);
        // 5
        cache.Status = CacheStatus.Miss;
        metrics.Of(exchange.Plan!.Model.Name).Misses.Add(1);
        return WithoutCacheNow(exchange);
    }

    private static Decision WithoutCacheNow(Exchange exchange) =>
        exchange.Reservation?.Pending is { } pending ? pending
        : exchange.Request!.CacheAsks.HasFlag(CacheAsks.OnlyIfCached) ? NotCached() : Decision.Continue;

    private Decision Give(Exchange exchange, CacheLookup cache, CachedReply reply, float? similarity = null, CacheDigest? entry = null)
    {
        (cache.Status, cache.Answer, cache.Similarity) = (similarity is null ? CacheStatus.Hit : CacheStatus.Semantic, reply, similarity);
        if (exchange.Reservation is { } reservation) reservation.Pending = null;
        if (cache.Leads is { } flight)
        {
            cache.Leads = null;
            flights.End(flight, FlightOutcome.Answered, reply, similarity);
        }
        var counts = metrics.Of(exchange.Plan!.Model.Name);
        (similarity is null ? counts.Hits : counts.SemanticHits).Add(1);
        counts.SavedNanoUsd.Add(reply.CostNanoUsd);
        tally.Hit(exchange.Caller!.Organisation.Id, entry ?? cache.Digest, exchange.Operation.Name, exchange.Plan.Model.Name, reply.CostNanoUsd);
        return Decision.Answered;
    }

    /// <summary>Waits for a flight as long as the request may take; null = that long was not enough.</summary>
    private async ValueTask<FlightEnd?> WaitAsync(Exchange exchange, Flight flight)
    {
        Deadlines.Set(exchange, reliability.Value);
        var left = TimeSpan.FromMicroseconds(Math.Min(exchange.Call.StandByUs, TimeSpan.FromDays(1).TotalMicroseconds) - exchange.ElapsedUs);
        if (left <= TimeSpan.Zero) return null;
        try
        {
            return await flight.Ended.WaitAsync(left, time, exchange.Http.RequestAborted);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private void NoteStale(Exchange exchange, CacheLookup cache, CachedReply reply)
    {
        if (MayServe(exchange, reply) && reply.MayStandIn(time.GetUtcNow(), cache.Terms.ServeStaleSeconds)) cache.Stale = reply;
    }

    // An equal request may have asked for less.
    private static bool MayBeSimilar(Exchange exchange, float? similarity) =>
        similarity is null || (!exchange.Request!.CacheAsks.HasFlag(CacheAsks.Exact) && similarity >= exchange.Request.CacheSimilarity);

    private bool IsUsable(Exchange exchange, CacheLookup cache, CachedReply reply) => reply.IsFresh(time.GetUtcNow(), cache.TtlSeconds) && MayServe(exchange, reply);

    // What its own plan would not let answer must not answer by way of the cache: a region above all.
    private static bool MayServe(Exchange exchange, CachedReply reply)
    {
        foreach (var candidate in exchange.Plan!.Candidates)
            if (candidate.Deployment.Id == reply.DeploymentId) return candidate.Dropped != RegionFilter.Dropped;
        return false;
    }

    private static CacheKeys KeysOf(Exchange exchange) => new(exchange.Caller!.Organisation.Id);

    private static Refusal NotCached() => Refusal.NotCached("Only a kept reply was asked for ('x-gateway-cache: only-if-cached'), and there is none. Send the request without that header to have it answered.");
}
