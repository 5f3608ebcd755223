using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>Responses for callers who speak them too: everything passes, <c>previous_response_id</c> and hosted tools included; only the model's name changes.</summary>
internal sealed class ResponsesDirectOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) =>
        OpenAiRequestWriter.Edit(request, deployment.UpstreamModelJson, asksForUsage: false);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => OpenAiReplyReader.TryRead(body, facts);

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) => ResponsesStreamReader.Read(eventData, facts);
}
