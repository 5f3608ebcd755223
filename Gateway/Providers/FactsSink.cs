using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers;

/// <summary>Notes what a reply's events say about the reply, and passes them on.</summary>
internal sealed class FactsSink(ReplyFacts facts, IReplySink next) : IReplySink
{
    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.Start when !replyEvent.Name.IsEmpty:
                facts.ServedModel = System.Text.Encoding.UTF8.GetString(replyEvent.Name);
                break;
            case ReplyEventKind.About when !replyEvent.Name.IsEmpty:
                facts.ServiceTier = ServiceTiers.Of(replyEvent.Name);
                break;
            case ReplyEventKind.Delta when !replyEvent.Text.IsEmpty:
                facts.ContentBytes += replyEvent.Text.Length;
                facts.ContentEvents++;
                break;
            case ReplyEventKind.PartStart when replyEvent.PartKind == PartKind.ToolCall:
                facts.ContentEvents++;
                break;
            case ReplyEventKind.Finish:
                facts.IsFinished = true;
                break;
            case ReplyEventKind.Usage:
                facts.Usage = replyEvent.Usage;
                break;
        }
        next.Take(replyEvent);
    }
}
