using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.AzureOpenAi;

/// <summary>
/// OpenAI's models as resources of Azure (Azure OpenAI, "REST API reference"). The protocol is OpenAI's; addresses, credentials and the words for filtered
/// content are Azure's.
/// </summary>
internal sealed class AzureOpenAiModule(TimeProvider time) : IProviderModule
{
    // With Responses, which every resource has at its newer addresses (decision 0073).
    private static readonly OpenAiModule OpenAi = new(OpenAiVendors.OpenAi);

    private readonly ConditionalWeakTable<DeploymentSnapshot, AzureAddresses> addresses = [];

    /// <summary>With the system's clock, which tokens end by.</summary>
    public AzureOpenAiModule()
        : this(TimeProvider.System)
    {
    }

    /// <inheritdoc />
    public string Protocol => "azure-openai";

    /// <inheritdoc />
    public IChatTranslator Chat => OpenAi.Chat;

    /// <inheritdoc />
    public IEmbeddingsTranslator? Embeddings => ((IProviderModule)OpenAi).Embeddings;

    /// <inheritdoc />
    public IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider) => AzureOpenAiSecret.Read(secret, time);

    /// <inheritdoc />
    public UpstreamTarget? TargetOf(Operation operation, DeploymentSnapshot deployment, bool stream)
    {
        if (!addresses.TryGetValue(deployment, out var found)) found = addresses.GetValue(deployment, static d => new AzureAddresses(d));
        return OpenAi.TargetOf(operation, deployment, stream) is { } openAi ? found.Of(openAi) : null;
    }

    /// <inheritdoc />
    public IDirectOperation? DirectFor(Operation operation) => OpenAi.DirectFor(operation);

    /// <inheritdoc />
    public ProviderFailure? FailureIn(ReadOnlySpan<byte> eventData) =>
        AzureContentFilter.Find(eventData) ?? OpenAi.FailureIn(eventData);

    /// <inheritdoc />
    public ProviderFailure ReadFailure(in FailedReply reply) =>
        (reply.Status == 400 ? AzureContentFilter.Find(reply.Body) : null) ?? OpenAi.ReadFailure(reply);
}
