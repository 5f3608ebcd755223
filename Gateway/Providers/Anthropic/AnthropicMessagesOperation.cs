using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Messages whose callers speak Anthropic's dialect too: the body passes with the model's name replaced, the reply as it is.</summary>
internal sealed class AnthropicMessagesOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) =>
        ReplaceModel(request, deployment.UpstreamModelJson);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => AnthropicReplyFacts.TryRead(body, facts);

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) => AnthropicStreamFacts.Read(eventData, facts);

    /// <summary>The one edit: the model's name replaced, or put in front where the caller gave none.</summary>
    internal static BodyEdit[] ReplaceModel(RequestFacts request, byte[] upstreamModelJson) =>
    [
        request.HasModelField
            ? new BodyEdit(request.ModelRange.Start.Value, request.ModelRange.End.Value, upstreamModelJson)
            : new BodyEdit(request.RootStart, request.RootStart, [.. "\"model\":"u8, .. upstreamModelJson, (byte)',']),
    ];
}
