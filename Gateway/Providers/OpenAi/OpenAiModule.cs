using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.Providers.OpenAi.Operations;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>OpenAI's HTTP API ("API reference": chat completions, embeddings), which most vendors and servers of open models speak too.</summary>
internal sealed class OpenAiModule : IProviderModule
{
    private static readonly OpenAiDirectOperation Direct = new();

    private static readonly UpstreamTarget ChatTarget = new("/chat/completions"), EmbeddingsTarget = new("/embeddings");

    /// <inheritdoc />
    public string Protocol => "openai";

    /// <inheritdoc />
    public IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider) => HeaderAuthorization.Bearer(secret);

    /// <inheritdoc />
    public UpstreamTarget? TargetOf(Operation operation, DeploymentSnapshot deployment, bool stream) =>
        operation.Kind == OperationKind.Embeddings ? EmbeddingsTarget : OpenAiOperations.TargetOf(operation) ?? ChatTarget;

    /// <inheritdoc />
    public IDirectOperation? DirectFor(Operation operation) =>
        operation.Dialect == Dialect.OpenAi && operation.Kind is OperationKind.Chat or OperationKind.Embeddings ? Direct : OpenAiOperations.Find(operation);

    /// <inheritdoc />
    public ProviderFailure? FailureIn(ReadOnlySpan<byte> eventData) =>
        OpenAiStreamReader.IsFailure(eventData) ? OpenAiFailureReader.InStream() : null;

    /// <inheritdoc />
    public ProviderFailure ReadFailure(in FailedReply reply) => OpenAiFailureReader.Read(reply.Status, reply.RetryAfterSeconds, reply.Body);
}
