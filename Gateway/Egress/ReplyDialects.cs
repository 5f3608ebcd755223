using AspireGateway.Gateway.Egress.Anthropic;
using AspireGateway.Gateway.Egress.OpenAi;
using AspireGateway.Gateway.Egress.Responses;
using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Egress;

/// <summary>The callers' dialects: the one list to extend, beside adding a folder here and one in Ingress.</summary>
internal static class ReplyDialects
{
    private static readonly OpenAiReplyDialect OpenAi = new();
    private static readonly AnthropicReplyDialect Anthropic = new();
    private static readonly ResponsesReplyDialect Responses = new();

    /// <summary>The writer of a dialect.</summary>
    public static IReplyDialect Of(Dialect dialect) => dialect switch
    {
        Dialect.Anthropic => Anthropic,
        Dialect.OpenAiResponses => Responses,
        _ => OpenAi,
    };
}
