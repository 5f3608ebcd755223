using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>Chat completions and embeddings whose callers speak OpenAI's dialect too.</summary>
internal sealed class OpenAiDirectOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) =>
        OpenAiRequestWriter.Edit(request, deployment.UpstreamModelJson);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => OpenAiReplyReader.TryRead(body, facts);

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) =>
        OpenAiStreamReader.Read(eventData, facts, hideUsage);
}
