using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Policies;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Gateway.Caching.Semantic.Words;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Caching.Tallies;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Domain.Caching;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Caching.Semantic;

/// <summary>
/// Finds a kept reply to another question that asks the same. Only within one scope: everything but the words of the last message is equal, who shares included. The index says
/// where a reply may be; the reply itself is looked for as any other, so one that was purged is none.
/// </summary>
internal sealed class SemanticSearch(
    SemanticIndex index, CacheStore store, NearCache near, IEmbedder embeddings, CacheMetrics metrics, CacheTally tally, IOptions<CacheOptions> options, IOptions<IngressOptions> ingress,
    IOptions<ReliabilityOptions> reliability, TimeProvider time)
{
    private const int MostWords = 400, MostMatches = 8, MostLooks = 3;

    // Within so long rows of other gateways are seen.
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private readonly int maxDepth = ingress.Value.MaxJsonDepth;

    /// <summary>1. The question as it is compared. 2. What other gateways have kept. 3. The closest ones. 4. What speaks against each. 5. Its reply.</summary>
    /// <param name="exchange">The request, whose own reply is not kept.</param>
    /// <param name="cache">Gets the question, so that its reply can be found by similar ones.</param>
    /// <param name="isUsable">Whether a reply may be given to it.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<SemanticHit?> FindAsync(Exchange exchange, CacheLookup cache, Func<CachedReply, bool> isUsable)
    {
        // 1
        if (await AskAsync(exchange, cache, mayCall: true) is not { } question) return null;
        cache.Question = question;
        // 2
        var keys = new CacheKeys(exchange.Caller!.Organisation.Id);
        var scope = index.Of(question.Scope);
        await LoadAsync(keys, question.Scope, scope);
        // 3. From the least threshold on, so that what another one would give can be told.
        var matches = new SemanticMatch[MostMatches];
        var count = scope.Find(question.Vector, (float)CacheSettings.LeastSimilarity, matches);
        // 4
        var alike = Compare(exchange, question, scope, matches.AsSpan(0, count), LeastOf(exchange, cache.Terms.Semantic!));
        // 5
        foreach (var (row, similarity) in alike.Take(MostLooks))
        {
            var (reply, mayAsk) = await ReplyOfAsync(exchange, cache, keys, question, row);
            if (!mayAsk) return null;
            if (reply is null)
            {
                index.Remove(scope, row);
                continue;
            }
            if (!isUsable(reply)) continue;
            row.Use();
            return new(reply, Math.Min(1, similarity), row.Digest);
        }
        return null;
    }

    // Those that ask the same and lie close enough, the closest first.
    private List<SemanticMatch> Compare(Exchange exchange, SemanticQuestion question, SemanticScope scope, ReadOnlySpan<SemanticMatch> matches, float least)
    {
        var alike = new List<SemanticMatch>();
        var (now, closestSame, closestOther) = (time.GetUtcNow().ToUnixTimeMilliseconds(), 0f, 0f);
        foreach (var match in matches)
        {
            if (match.Row.EndsAtMs <= now)
            {
                index.Remove(scope, match.Row);
                continue;
            }
            var veto = Veto.Of(question.Words, match.Row.Words, question.AllWords);
            if (veto == VetoReason.None) closestSame = Math.Max(closestSame, match.Similarity);
            else if (closestSame == 0) closestOther = Math.Max(closestOther, match.Similarity);
            if (match.Similarity < least) continue;
            if (veto == VetoReason.None) alike.Add(match);
            else metrics.Veto(NameOf(veto));
        }
        metrics.Of(exchange.Plan!.Model.Name).Closest.Add(closestSame, closestOther);
        tally.Compared(exchange.Caller!.Organisation.Id, exchange.Plan.Model.Name, closestSame, closestOther);
        return alike;
    }

    // The reply that a row leads to; null = it is gone. False: the store does not answer, so that nobody knows.
    private async ValueTask<(CachedReply? Reply, bool MayAsk)> ReplyOfAsync(Exchange exchange, CacheLookup cache, CacheKeys keys, SemanticQuestion question, SemanticRow row)
    {
        if (near.Find(row.Digest) is { } here) return (here, true);
        var (reply, known) = await store.LookAsync(keys, row.Digest, cache.Dependencies?.Fields ?? CacheDependencies.Of(exchange), question.Scope);
        if (reply is not null) near.Add(row.Digest, reply, cache.Generation);
        return (reply, known is not null || !store.IsShared);
    }

    /// <summary>The question of a request whose reply is made anew, so that similar ones find it; null = it is not compared with others.</summary>
    public async ValueTask<SemanticQuestion?> AskAsync(Exchange exchange, CacheLookup cache, bool mayCall)
    {
        if (cache.Terms.Semantic is not { } terms || exchange.Request!.CacheAsks.HasFlag(CacheAsks.Exact) || SemanticText.Of(exchange, maxDepth) is not { } said) return null;
        using var text = new QuestionText();
        if (!QuestionReader.TryRead(said.Text, MostWords, text) || text.Count == 0) return null;
        float[] vector;
        string maker;
        if (terms.Embedder is null)
        {
            vector = new float[LexicalEmbedder.Dimensions];
            if (!LexicalEmbedder.TryEmbed(text, vector)) return null;
            maker = $"words/{LexicalEmbedder.Version}";
        }
        else
        {
            if (!mayCall || !MayPay(exchange)) return null;
            Deadlines.Set(exchange, reliability.Value);
            var left = Math.Min(exchange.Call.StandByUs, long.MaxValue / 2) - exchange.ElapsedUs;
            if (await embeddings.MakeAsync(exchange, terms.Embedder, said.Text, left) is not { } made) return null;
            (vector, maker) = (made.Vector, made.Maker);
        }
        return CacheKey.TryMakeScope(exchange, cache.Terms, maxDepth, said.Holes, $"{QuestionReader.Version}/{maker}", out var scope)
            ? new(scope, vector, text.Words.ToArray(), AllWords: terms.Embedder is null) : null;
    }

    /// <summary>Lets similar questions find a reply.</summary>
    /// <param name="question">Its question.</param>
    /// <param name="digest">Under which digest the reply is kept.</param>
    /// <param name="lifeSeconds">How long it stays.</param>
    /// <returns>The row that the store is to have.</returns>
    public SemanticRow Keep(SemanticQuestion question, CacheDigest digest, long lifeSeconds)
    {
        var row = new SemanticRow(digest, question.Vector, question.Words, time.GetUtcNow().ToUnixTimeMilliseconds() + lifeSeconds * 1_000);
        index.Put(index.Of(question.Scope), row);
        return row;
    }

    // A budget that is used up, or that nothing is held of for it, pays for no vector.
    private static bool MayPay(Exchange exchange) =>
        exchange.Reservation?.Pending is null && (exchange.Call.LookupBoundNanoUsd is not null || exchange.Reservation?.BoundsSpend(exchange.Caller!.Key.HoldPolicy) != true);

    // A caller can only ask for more than the policy does.
    private static float LeastOf(Exchange exchange, SemanticTerms terms) => Math.Max(terms.Similarity, exchange.Request!.CacheSimilarity);

    private async ValueTask LoadAsync(CacheKeys keys, CacheDigest digest, SemanticScope scope)
    {
        if (!store.IsShared || !scope.TryAsk()) return;
        try
        {
            var began = time.GetTimestamp();
            if (scope.AskedAt is { } before && time.GetElapsedTime(before, began) < AskAgain) return;
            scope.AskedAt = began;
            // A large scope that is new here comes in pieces; what does not come in time comes with the next request.
            var limit = TimeSpan.FromMilliseconds(options.Value.TimeoutMs);
            while (await store.RowsAsync(keys, digest, scope.Cursor) is { } found)
            {
                foreach (var row in found.Rows) index.Put(scope, row);
                scope.Cursor = found.Cursor;
                if (!found.HasMore) return;
                if (time.GetElapsedTime(began) <= limit) continue;
                scope.AskedAt = null;
                return;
            }
        }
        finally
        {
            scope.EndAsking();
        }
    }

    private static string NameOf(VetoReason reason) => reason switch
    {
        VetoReason.Numbers => "numbers",
        VetoReason.Quotes => "quotes",
        VetoReason.Negations => "negations",
        VetoReason.Questions => "questions",
        VetoReason.Names => "names",
        VetoReason.Opposites => "opposites",
        _ => "words",
    };
}
