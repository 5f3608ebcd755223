using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.Providers.OpenAi.Operations;
using AspireGateway.Gateway.Providers.OpenAi.Translating;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>OpenAI's HTTP API ("API reference": chat completions, Responses, embeddings), which most vendors and servers of open models speak in part.</summary>
internal sealed class OpenAiModule(OpenAiVendor vendor) : IProviderModule
{
    private static readonly UpstreamTarget ChatTarget = new("/chat/completions"), EmbeddingsTarget = new("/embeddings"), ResponsesTarget = new("/responses");

    private static readonly ResponsesDirectOperation DirectResponses = new();

    private readonly OpenAiDirectOperation direct = new(vendor);
    private readonly OpenAiChatTranslator translator = new(vendor);

    /// <summary>OpenAI itself.</summary>
    public OpenAiModule()
        : this(OpenAiVendors.OpenAi)
    {
    }

    /// <summary>What this vendor does differently.</summary>
    public OpenAiVendor Vendor { get; } = vendor;

    /// <inheritdoc />
    public string Protocol => Vendor.Protocol;

    /// <summary>Whether embeddings can be had as base64.</summary>
    public bool SupportsBase64Embeddings => Vendor.SupportsBase64Embeddings;

    /// <inheritdoc />
    public IChatTranslator Chat => translator;

    /// <summary>A module for each vendor that this build knows.</summary>
    public static IEnumerable<IProviderModule> ForAllVendors() => OpenAiVendors.All.Select(vendor => new OpenAiModule(vendor));

    /// <inheritdoc />
    public bool TakesCacheKey => Vendor.CacheKey;

    /// <inheritdoc />
    public IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider) => HeaderAuthorization.Bearer(secret);

    /// <inheritdoc />
    public UpstreamTarget? TargetOf(Operation operation, DeploymentSnapshot deployment, bool stream) =>
        operation.Kind == OperationKind.Embeddings ? EmbeddingsTarget : IsDirectResponses(operation) ? ResponsesTarget : OpenAiOperations.TargetOf(operation) ?? ChatTarget;

    /// <inheritdoc />
    public IDirectOperation? DirectFor(Operation operation)
    {
        if (IsDirectResponses(operation)) return DirectResponses;
        return operation.Dialect == Dialect.OpenAi && operation.Kind is OperationKind.Chat or OperationKind.Embeddings ? direct : OpenAiOperations.Find(operation, Vendor);
    }

    /// <inheritdoc />
    public ProviderFailure? FailureIn(ReadOnlySpan<byte> eventData) =>
        ResponsesStreamReader.IsFailure(eventData) || OpenAiStreamReader.IsFailure(eventData) ? OpenAiFailureReader.InStream(eventData) : null;

    /// <inheritdoc />
    public ProviderFailure ReadFailure(in FailedReply reply) => OpenAiFailureReader.Read(reply.Status, reply.RetryAfterSeconds, reply.Body);

    private bool IsDirectResponses(Operation operation) =>
        Vendor.Responses && operation is { Dialect: Dialect.OpenAiResponses, Kind: OperationKind.Chat };
}
