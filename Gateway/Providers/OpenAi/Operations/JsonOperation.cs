using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>An operation with one JSON reply that never streams.</summary>
internal sealed class JsonOperation(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> otherAnswer = default) : IDirectOperation
{
    private readonly byte[] answer = answer.ToArray(), otherAnswer = otherAnswer.ToArray();

    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) => ModelEdit.Of(request, deployment);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        var found = default(OperationFields);
        if (!found.TryRead(body, answer, otherAnswer) || found.HasError || !found.HasAnswer) return false;
        facts.ServedModel = found.Model;
        facts.Usage = found.Usage.Tokens;
        facts.Units = new UnitUsage { Searches = found.Usage.Searches };
        facts.IsFinished = true;
        return true;
    }

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) => new(StreamAction.Fail);
}
