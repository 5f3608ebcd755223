using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Ingress.Responses;
using AspireGateway.Gateway.Ingress.Anthropic;

namespace AspireGateway.Gateway.Ingress;

/// <summary>The callers' dialects of chats: the one list to extend, beside adding a folder here and one in Egress.</summary>
internal static class RequestDialects
{
    private static readonly OpenAiRequestDialect OpenAi = new();
    private static readonly ResponsesRequestDialect Responses = new();
    private static readonly AnthropicRequestDialect Anthropic = new();

    /// <summary>The reader of a dialect; null = chats of this dialect go only to providers that speak it.</summary>
    public static IRequestDialect? Of(Dialect dialect) => dialect switch
    {
        Dialect.OpenAi => OpenAi,
        Dialect.OpenAiResponses => Responses,
        Dialect.Anthropic => Anthropic,
        _ => null,
    };
}
