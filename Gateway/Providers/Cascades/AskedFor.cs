using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Responses;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Cascades;

/// <summary>What a request asks for, as far as a gate and a judge have to know.</summary>
internal static class AskedFor
{
    /// <summary>The request in neutral words; null = it cannot be told. Of one that only its own provider understands it may be a part, good to look at but not to be sent.</summary>
    public static ChatRequest? Of(Exchange exchange)
    {
        var facts = exchange.Request!;
        if (facts.Chat is { } known) return known;
        if (RequestDialects.Of(exchange.Operation.Dialect) is not { } dialect) return null;
        var neutral = new ChatRequest();
        if (dialect.Read(facts.Body, neutral) is null) return facts.Chat = neutral;
        return exchange.Operation.Dialect == Dialect.OpenAiResponses ? ResponsesRequestDialect.Glimpse(facts.Body) : null;
    }
}
