using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Policies;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Gateway.Caching.Semantic.Words;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Caching;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Caching.Semantic;

/// <summary>
/// Finds a kept reply to another question that asks the same. Only within one scope: everything but the words of the last message is equal, who shares included. The index says
/// where a reply may be; the reply itself is looked for as any other, so one that was purged is none.
/// </summary>
internal sealed class SemanticSearch(
    SemanticIndex index, CacheStore store, NearCache near, IEmbedder embeddings, CacheMetrics metrics, IOptions<CacheOptions> options, IOptions<IngressOptions> ingress,
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
        // 3
        var matches = new SemanticMatch[MostMatches];
        var count = scope.Find(question.Vector, LeastOf(exchange, cache.Terms.Semantic!), matches);
        var looks = 0;
        foreach (var (row, similarity) in matches.AsSpan(0, count).ToArray())
        {
            // 4
            if (row.EndsAtMs <= time.GetUtcNow().ToUnixTimeMilliseconds())
            {
                index.Remove(scope, row);
                continue;
            }
            var veto = Veto.Of(question.Words, row.Words, question.AllWords);
            if (veto != VetoReason.None)
            {
                metrics.Veto(NameOf(veto));
                continue;
            }
            // 5
            if (looks++ == MostLooks) break;
            var reply = near.Find(row.Digest);
            if (reply is null)
            {
                (reply, var known) = await store.LookAsync(keys, row.Digest, cache.Dependencies?.Fields ?? CacheDependencies.Of(exchange), question.Scope);
                if (reply is not null) near.Add(row.Digest, reply, cache.Generation);
                // Where nobody can be asked it may be there still.
                else if (known is not null || !store.IsShared) index.Remove(scope, row);
                if (known is null && store.IsShared) return null;
            }
            if (reply is null || !isUsable(reply)) continue;
            row.Use();
            return new(reply, Math.Min(1, similarity));
        }
        return null;
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
