using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>OpenAI's speech (API reference, "Create speech"): bytes of audio, or with <c>stream_format: "sse"</c> events that carry it and, last, the usage.</summary>
internal sealed class SpeechOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) => ModelEdit.Of(request, deployment);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => false;

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage)
    {
        if (OperationEvents.IsDone(eventData)) return new(StreamAction.Done);
        var found = default(OperationFields);
        if (!found.TryRead(eventData, "audio"u8) || found.HasError || found.Type == "error") return new(StreamAction.Fail);
        if (found.HasAnswer) facts.ContentEvents++;
        if (found.Type != "speech.audio.done") return new(StreamAction.Forward);
        facts.IsFinished = true;
        facts.Usage = found.Usage.Tokens;
        facts.Units = new UnitUsage { AudioOutputTokens = found.Usage.Tokens?.Output ?? 0 };
        return new(StreamAction.Forward);
    }
}
