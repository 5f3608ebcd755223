using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>Cuts texts into pieces of a few words on their way to a stream, as a model would have sent them.</summary>
/// <param name="next">Takes the pieces.</param>
internal sealed class WordPieces(IReplySink next) : IReplySink
{
    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        // Probabilities belong to the text as a whole.
        if (replyEvent.Kind != ReplyEventKind.Delta || !replyEvent.Logprobs.IsEmpty)
        {
            next.Take(replyEvent);
            return;
        }
        for (var rest = replyEvent.Text; !rest.IsEmpty;)
        {
            var length = PieceLength.Of(rest);
            next.Take(new() { Kind = ReplyEventKind.Delta, Choice = replyEvent.Choice, Part = replyEvent.Part, PartKind = replyEvent.PartKind, Text = rest[..length] });
            rest = rest[length..];
        }
    }
}
