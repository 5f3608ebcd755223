using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>Responses for callers who speak them too: everything passes, <c>previous_response_id</c> and hosted tools included; only the model's name changes, and the cap on the answer where the gateway has a lower one.</summary>
internal sealed class ResponsesDirectOperation : IDirectOperation
{
    private static readonly ResponsesAnswers Reader = new();

    /// <inheritdoc />
    public IDirectAnswers? Answers => Reader;

    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped)
    {
        var edits = OpenAiRequestWriter.Edit(request, deployment.UpstreamModelJson, asksForUsage: false);
        if (request.EnforcedCap is null) return edits;
        var all = new List<BodyEdit>(edits);
        BodyEdits.AddCap(request, "max_output_tokens", all);
        return BodyEdits.InOrder(all);
    }

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => OpenAiReplyReader.TryRead(body, facts);

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) => ResponsesStreamReader.Read(eventData, facts);
}
