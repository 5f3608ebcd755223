using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi.Operations;

/// <summary>OpenAI's transcription (API reference, "Create transcription"): JSON, text or subtitles, or a stream of events.</summary>
internal sealed class TranscriptionOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) => ModelEdit.Of(request, deployment);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        facts.IsFinished = true;
        if (!string.Equals(facts.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            facts.ContentBytes = body.Length;
            facts.Units = new UnitUsage { Milliseconds = SubtitleLength.Of(body) };
            return true;
        }
        var found = default(OperationFields);
        if (!found.TryRead(body, "text"u8) || found.HasError || !found.HasAnswer) return false;
        Take(found, facts);
        facts.ContentBytes = found.AnswerBytes;
        return true;
    }

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage)
    {
        if (OperationEvents.IsDone(eventData)) return new(StreamAction.Done);
        var found = default(OperationFields);
        if (!found.TryRead(eventData, "delta"u8) || found.HasError || found.Type == "error") return new(StreamAction.Fail);
        if (found.HasAnswer)
        {
            facts.ContentEvents++;
            facts.ContentBytes += found.AnswerBytes;
        }
        if (found.Type != "transcript.text.done") return new(StreamAction.Forward);
        facts.IsFinished = true;
        Take(found, facts);
        return new(StreamAction.Forward);
    }

    private static void Take(in OperationFields found, ReplyFacts facts)
    {
        facts.ServedModel = found.Model;
        facts.Usage = found.Usage.Tokens;
        facts.Units = new UnitUsage
        {
            // Tokens are the charge where they are reported; the length is only news then.
            Milliseconds = found.Usage.Tokens is not null ? 0 : found.Usage.Milliseconds > 0 ? found.Usage.Milliseconds : found.Milliseconds,
            AudioInputTokens = found.Usage.AudioInputTokens,
        };
    }
}
