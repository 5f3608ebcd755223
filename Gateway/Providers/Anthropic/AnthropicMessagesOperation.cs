using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Messages whose callers speak Anthropic's dialect too: the body passes with the model's name replaced and its cap lowered where the gateway has a lower one, the reply as it is.</summary>
internal sealed class AnthropicMessagesOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped)
    {
        var model = ReplaceModel(request, deployment.UpstreamModelJson);
        if (request.EnforcedCap is not { } cap) return model;
        var all = new List<BodyEdit>(model);
        BodyEdits.AddCap(request, "max_tokens", all);
        AnthropicThinkingEdit.Add(request, cap, all, dropped);
        return BodyEdits.InOrder(all);
    }

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
