using System.Collections.Frozen;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Gateway.Providers.Gemini;
using AspireGateway.Gateway.Providers.AzureOpenAi;
using AspireGateway.Gateway.Providers.Bedrock;
using AspireGateway.Gateway.Providers.OpenAi;

namespace AspireGateway.Gateway.Providers;

/// <summary>Every protocol that the gateway speaks: the one list to extend, beside adding a folder.</summary>
internal static class ProviderModules
{
    private static readonly IProviderModule[] All =
    [
        .. OpenAiModule.ForAllVendors(),
        new AnthropicModule(),
        new GeminiModule(),
        new VertexModule(TimeProvider.System),
        new BedrockModule(),
        new AzureOpenAiModule(),
    ];

    private static readonly FrozenDictionary<string, IProviderModule> ByProtocol = All.ToFrozenDictionary(module => module.Protocol);

    /// <summary>The module of a protocol; null = this build does not speak it.</summary>
    public static IProviderModule? Find(string protocol) => ByProtocol.GetValueOrDefault(protocol);
}
