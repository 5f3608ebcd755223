using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>OpenAI's image generation (API reference, "Images"): a list of images, or a stream of partial ones with a last event for each whole one.</summary>
internal sealed class ImageOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) => ModelEdit.Of(request, deployment);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        var found = default(OperationFields);
        if (!found.TryRead(body, "data"u8) || found.HasError || !found.HasAnswer) return false;
        facts.ServedModel = found.Model;
        facts.Usage = found.Usage.Tokens;
        facts.Units = new UnitUsage { Images = found.Answers, ImageSize = found.Size, ImageQuality = found.Quality };
        facts.IsFinished = true;
        return true;
    }

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage)
    {
        if (OperationEvents.IsDone(eventData)) return new(StreamAction.Done);
        var found = default(OperationFields);
        if (!found.TryRead(eventData, "b64_json"u8) || found.HasError || found.Type == "error") return new(StreamAction.Fail);
        facts.ServedModel ??= found.Model;
        facts.ContentEvents++;
        if (found.Type != "image_generation.completed") return new(StreamAction.Forward);
        facts.IsFinished = true;
        facts.Usage = OperationEvents.Sum(facts.Usage, found.Usage.Tokens);
        facts.Units = new UnitUsage { Images = facts.Units.Images + 1, ImageSize = found.Size, ImageQuality = found.Quality };
        return new(StreamAction.Forward);
    }
}
