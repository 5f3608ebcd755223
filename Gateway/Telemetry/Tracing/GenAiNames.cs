using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Telemetry.Tracing;

/// <summary>Names of OpenTelemetry's semantic conventions for generative AI (registry of attributes, <c>gen_ai.*</c>).</summary>
internal static class GenAiNames
{
    /// <summary><c>gen_ai.operation.name</c>.</summary>
    public static string OperationOf(OperationKind kind) => kind switch
    {
        OperationKind.Chat => "chat",
        OperationKind.Embeddings => "embeddings",
        OperationKind.CountTokens => "count_tokens",
        OperationKind.PassThrough => "pass_through",
        _ => "generate_content",
    };

    /// <summary><c>gen_ai.provider.name</c>: the conventions' name of a protocol that is one vendor's own; else the provider's slug.</summary>
    public static string ProviderOf(ProviderSnapshot provider) => provider.Protocol switch
    {
        "anthropic" => "anthropic",
        "gemini" => "gcp.gemini",
        "vertex" => "gcp.vertex_ai",
        "bedrock" => "aws.bedrock",
        "azure_openai" or "azure-openai" => "azure.ai.openai",
        _ => provider.Slug,
    };
}
