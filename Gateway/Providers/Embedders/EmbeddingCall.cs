using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Telemetry;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Providers.Embedders;

/// <summary>
/// Has an embeddings model make the vector of a question, as a judge is asked: through the same caller, circuits and quotas, within residency, in a time of its own, its cost in
/// the request's books. A model that fails or is too late means that no similar question is looked for.
/// </summary>
internal sealed class EmbeddingCall(
    ProviderCaller caller, DeploymentQuota quota, CircuitWatch circuits, FailureWatch failures, CacheMetrics metrics, IOptions<CacheOptions> options, TimeProvider time) : IEmbedder
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc />
    public async ValueTask<ModelVector?> MakeAsync(Exchange exchange, string embedder, string text, long leftUs)
    {
        var candidates = EmbedderRoute.CandidatesOf(exchange, embedder);
        CircuitFilter.Apply(candidates, null, null, time.GetUtcNow());
        var at = Array.FindIndex(candidates, static candidate => candidate.Dropped is null);
        using var facts = Write(text);
        if (at < 0 || leftUs <= 0 || facts.Body.Length > EmbedderBound.BytesOf(exchange.Request!) || !circuits.MayCall(candidates[at].Deployment, hasOthers: true)) return Failed();
        // An exchange of its own: the caller's headers, body and deadline are not the embedder's.
        var own = new Exchange(new DefaultHttpContext { RequestAborted = exchange.Http.RequestAborted }, Operation.Embeddings, exchange.Snapshot, time)
        {
            Caller = exchange.Caller, Request = facts, Estimator = exchange.Estimator, Plan = new(null, ModelAccess.Find(exchange.Caller!.Organisation, embedder)!, "cache", candidates),
        };
        own.Call.StandByUs = own.Call.EndByUs = Math.Min(leftUs, options.Value.EmbedderMs * 1_000L);
        var taken = await quota.TakeAsync(own, candidates[at]);
        if (taken.Refusal is null) return await AskAsync(exchange, own, candidates[at], taken.Hold) ?? Failed();
        CircuitWatch.Left(candidates[at].Deployment);
        return Failed();
    }

    private ModelVector? Failed()
    {
        metrics.Fault("embedder");
        return null;
    }

    private async ValueTask<ModelVector?> AskAsync(Exchange exchange, Exchange own, Candidate candidate, Hold? hold)
    {
        var deployment = candidate.Deployment;
        deployment.Traffic.Begin();
        try
        {
            var (reply, failure, attempt) = await caller.TryAsync(own, candidate);
            using var mine = reply;
            own.Call.Add(attempt);
            exchange.Call.UpstreamUs += attempt.EndUs - attempt.StartUs;
            if (reply is null)
            {
                failures.Note(own, attempt, failure!);
                PriceUsage.Lose(own.Call, candidate, failure!);
                exchange.Call.Lookup = own.Call.Lost;
                return null;
            }
            circuits.Stood(own, deployment, attempt);
            circuits.Succeeded(own, deployment);
            var spend = exchange.Call.Lookup = PriceUsage.OfLeg(own, candidate, reply.Facts, spoken: 0);
            if (hold is not null) quota.Lose(hold, spend);
            hold = null;
            return VectorReply.Read(reply) is { } vector ? new(vector, $"{deployment.Id:N}/{deployment.UpstreamModel}/{deployment.Provider.BaseUrl}/{vector.Length}") : null;
        }
        catch (OperationCanceledException)
        {
            // The caller left: the question was sent and will be billed.
            exchange.Call.Lookup = PriceUsage.OfLeg(own, candidate, null, spoken: 0);
            throw;
        }
        finally
        {
            if (hold is not null) quota.Fail(hold);
            deployment.Traffic.End();
        }
    }

    private static RequestFacts Write(string text)
    {
        using var body = new PooledBufferWriter();
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, "embedder"u8);
            json.WriteString("input"u8, text);
            json.WriteEndObject();
        }
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.Written.Span.CopyTo(rented);
        var facts = new RequestFacts(rented, body.Length) { Operation = Operation.Embeddings };
        RequestFactsReader.Read(facts, Operation.Embeddings, maxDepth: 8);
        return facts;
    }
}
