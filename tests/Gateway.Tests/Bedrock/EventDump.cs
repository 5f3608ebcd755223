using System.Text;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>Events as lines of text, for golden files; neighbouring deltas are one line where their number does not matter.</summary>
internal sealed class EventDump(bool joinsDeltas = false) : IReplySink
{
    private readonly StringBuilder lines = new();
    private (ReplyEventKind Kind, int Part)? last;

    /// <summary>How many events came.</summary>
    public int Count { get; private set; }

    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        Count++;
        var isText = replyEvent.Kind is ReplyEventKind.Delta or ReplyEventKind.Signature;
        if (joinsDeltas && isText && last == (replyEvent.Kind, replyEvent.Part))
        {
            lines.Insert(lines.Length - 1, Encoding.UTF8.GetString(replyEvent.Text));
            return;
        }
        last = (replyEvent.Kind, replyEvent.Part);
        lines.Append(replyEvent.Kind);
        if (replyEvent.Kind is ReplyEventKind.PartStart or ReplyEventKind.Delta or ReplyEventKind.Signature or ReplyEventKind.Citation or ReplyEventKind.PartStop)
            lines.Append(' ').Append(replyEvent.Part).Append(' ').Append(replyEvent.PartKind);
        if (replyEvent.Kind == ReplyEventKind.Finish) lines.Append(' ').Append(replyEvent.FinishReason);
        if (replyEvent.Kind == ReplyEventKind.Usage)
        {
            var usage = replyEvent.Usage;
            lines.Append($" in={usage.Input} read={usage.CacheRead} write={usage.CacheWrite} out={usage.Output} reasoning={usage.Reasoning}");
        }
        Append("id", replyEvent.Id);
        Append("name", replyEvent.Name);
        if (isText) lines.Append(' ').Append(Encoding.UTF8.GetString(replyEvent.Text));
        else Append("text", replyEvent.Text);
        lines.Append('\n');
    }

    /// <summary>A line that is no event.</summary>
    public void Note(string line) => lines.Append(line).Append('\n');

    /// <inheritdoc />
    public override string ToString() => lines.ToString();

    private void Append(string name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) lines.Append(' ').Append(name).Append('=').Append(Encoding.UTF8.GetString(value));
    }
}
