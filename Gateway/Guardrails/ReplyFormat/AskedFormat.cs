using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Responses;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Guardrails.ReplyFormat;

/// <summary>The form that a request asks its answer in.</summary>
internal static class AskedFormat
{
    /// <summary>OpenAI's <c>response_format</c>, <c>text.format</c> of Responses, Anthropic's <c>output_config.format</c>; null = text, or it cannot be told.</summary>
    public static ResponseFormat? Of(Exchange exchange)
    {
        var facts = exchange.Request!;
        if (facts.Chat is { } known) return known.ResponseFormat;
        // Whoever wants a form names it; the others need not be read.
        if (facts.Body.Span.IndexOf("format\""u8) < 0 || RequestDialects.Of(exchange.Operation.Dialect) is not { } dialect) return null;
        var neutral = new ChatRequest();
        if (dialect.Read(facts.Body, neutral) is null) return (facts.Chat = neutral).ResponseFormat;
        return exchange.Operation.Dialect == Dialect.OpenAiResponses ? ResponsesRequestDialect.Glimpse(facts.Body).ResponseFormat : null;
    }
}
