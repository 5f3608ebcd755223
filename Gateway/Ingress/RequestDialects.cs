using AspireGateway.Gateway.Ingress.Anthropic;
using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Ingress.Responses;

namespace AspireGateway.Gateway.Ingress;

/// <summary>The callers' dialects of chats: the one list to extend, beside adding a folder here and one in Egress.</summary>
internal static class RequestDialects
{
    private static readonly AnthropicRequestDialect Anthropic = new();
    private static readonly OpenAiRequestDialect OpenAi = new();
    private static readonly ResponsesRequestDialect Responses = new();

    /// <summary>The reader of a dialect; null = chats of this dialect go only to providers that speak it.</summary>
    public static IRequestDialect? Of(Dialect dialect) => dialect switch
    {
        Dialect.Anthropic => Anthropic,
        Dialect.OpenAi => OpenAi,
        Dialect.OpenAiResponses => Responses,
        _ => null,
    };
}
