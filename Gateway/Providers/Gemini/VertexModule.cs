using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Gemini on Google Cloud's Vertex AI. The base URL names project and place: <c>https://REGION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/REGION</c>,
/// or in express mode <c>https://aiplatform.googleapis.com/v1</c>. The credential is the JSON key of a service account, or an express mode's API key.
/// </summary>
/// <param name="time">The clock by which access tokens end.</param>
internal sealed class VertexModule(TimeProvider time) : IProviderModule
{
    private readonly GeminiTargets targets = new("/publishers/google/models/", "predict");

    /// <inheritdoc />
    public string Protocol => "vertex";

    /// <inheritdoc />
    public IChatTranslator Chat { get; } = new GeminiChatTranslator(isVertex: true);

    /// <inheritdoc />
    public IEmbeddingsTranslator Embeddings { get; } = new VertexEmbeddings();

    /// <inheritdoc />
    public IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider)
    {
        secret = secret.Trim();
        return secret.StartsWith('{') ? GoogleAuthorization.TryOf(secret, provider, time) : new HeaderAuthorization(GeminiModule.KeyHeader, secret);
    }

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
