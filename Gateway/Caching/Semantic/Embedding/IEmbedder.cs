using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Caching.Semantic.Embedding;

/// <summary>Has a model of the organisation make the vector of a question. Providers come after the cache on a request's way, so the cache knows them by this alone.</summary>
internal interface IEmbedder
{
    /// <summary>The vector; null = there is none. What it cost is noted in the request.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="embedder">The logical model.</param>
    /// <param name="text">The question.</param>
    /// <param name="leftUs">How long the request may still take, in microseconds.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    ValueTask<ModelVector?> MakeAsync(Exchange exchange, string embedder, string text, long leftUs);
}
