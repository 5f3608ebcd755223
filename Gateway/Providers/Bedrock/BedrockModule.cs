using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.Providers.Prefixes;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// Amazon Bedrock's runtime API: Converse, ConverseStream, and InvokeModel for embeddings. The base URL is the region's endpoint,
/// <c>https://bedrock-runtime.{region}.amazonaws.com</c>.
/// </summary>
internal sealed class BedrockModule(TimeProvider time) : IProviderModule
{
    private static readonly BedrockChatTranslator Translator = new();
    private static readonly BedrockPromptCaching Caching = new();
    private static readonly BedrockEmbeddingsTranslator EmbeddingsTranslator = new();

    private readonly ConditionalWeakTable<DeploymentSnapshot, Targets> targets = [];

    /// <summary>With the system's clock, which signatures are dated by.</summary>
    public BedrockModule()
        : this(TimeProvider.System)
    {
    }

    /// <inheritdoc />
    public string Protocol => "bedrock";

    /// <inheritdoc />
    public IChatTranslator Chat => Translator;

    /// <inheritdoc />
    public IEmbeddingsTranslator Embeddings => EmbeddingsTranslator;

    /// <inheritdoc />
    public ReplyFraming Framing => ReplyFraming.AmazonEventStream;

    /// <inheritdoc />
    public IPromptCaching PromptCaching => Caching;

    /// <inheritdoc />
    public IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider) => AwsSecret.Read(secret, "bedrock", provider.BaseUrl, time);

    /// <inheritdoc />
    public UpstreamTarget? TargetOf(Operation operation, DeploymentSnapshot deployment, bool stream)
    {
        if (!targets.TryGetValue(deployment, out var found)) found = targets.GetValue(deployment, static d => Targets.Of(d.UpstreamModel));
        return operation.Kind == OperationKind.Embeddings ? found.Invoke : stream ? found.Stream : found.Whole;
    }

    /// <inheritdoc />
    public IDirectOperation? DirectFor(Operation operation) => null;

    /// <inheritdoc />
    public ProviderFailure? FailureIn(ReadOnlySpan<byte> eventData) =>
        BedrockFrame.TryRead(eventData, out var frame) && !frame.IsEvent ? BedrockFailureReader.InStream(frame) : null;

    /// <inheritdoc />
    public ProviderFailure ReadFailure(in FailedReply reply) => BedrockFailureReader.Read(reply);

    /// <summary>Addresses of a model; null = its name cannot stand in one.</summary>
    private sealed record Targets(UpstreamTarget? Whole, UpstreamTarget? Stream, UpstreamTarget? Invoke)
    {
        public static Targets Of(string model) =>
            BedrockModelPath.Of(model) is { } path
                ? new(
                    new UpstreamTarget($"/model/{path}/converse", ("Accept", "application/json")),
                    new UpstreamTarget($"/model/{path}/converse-stream", ("Accept", "application/vnd.amazon.eventstream")),
                    new UpstreamTarget($"/model/{path}/invoke", ("Accept", "application/json")))
                : new(null, null, null);
    }
}
