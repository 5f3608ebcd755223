using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Google's Gemini API (base URL <c>https://generativelanguage.googleapis.com/v1beta</c>). No caller speaks it but through the pass-through route, so
/// everything is translated.
/// </summary>
internal sealed class GeminiModule : IProviderModule
{
    /// <summary>The header that both APIs take a key in.</summary>
    internal const string KeyHeader = "x-goog-api-key";

    private readonly GeminiTargets targets = new("/models/", "batchEmbedContents");

    /// <inheritdoc />
    public string Protocol => "gemini";

    /// <inheritdoc />
    public IChatTranslator Chat { get; } = new GeminiChatTranslator(isVertex: false);

    /// <inheritdoc />
    public IEmbeddingsTranslator Embeddings { get; } = new GeminiEmbeddings();

    /// <inheritdoc />
    public IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider) => new HeaderAuthorization(KeyHeader, secret.Trim());

    /// <inheritdoc />
    public UpstreamTarget? TargetOf(Operation operation, DeploymentSnapshot deployment, bool stream) => targets.Of(operation, deployment, stream);

    /// <inheritdoc />
    public IDirectOperation? DirectFor(Operation operation) => null;

    /// <inheritdoc />
    public ProviderFailure? FailureIn(ReadOnlySpan<byte> eventData) => GeminiRejection.InEvent(eventData);

    /// <inheritdoc />
    public ProviderFailure? RejectionIn(ReadOnlySpan<byte> body) => GeminiRejection.InWhole(body);

    /// <inheritdoc />
    public ProviderFailure ReadFailure(in FailedReply reply) => GeminiFailureReader.Read(reply.Status, reply.RetryAfterSeconds, reply.Body);
}
