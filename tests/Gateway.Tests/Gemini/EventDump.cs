using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Writes the events of a reply as lines of text, and holds the order that readers promise.</summary>
internal sealed class EventDump : IReplySink
{
    private readonly StringBuilder text = new();
    private readonly Dictionary<int, (int Last, HashSet<int> Open)> parts = [];
    private readonly HashSet<int> finished = [];
    private bool isStarted;

    public int Events { get; private set; }

    public void Take(in ReplyEvent replyEvent)
    {
        Check(replyEvent);
        Events++;
        text.Append(CultureInfo.InvariantCulture, $"{replyEvent.Kind}");
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.Start or ReplyEventKind.About:
                Show(" id", replyEvent.Id);
                Show(" name", replyEvent.Name);
                break;
            case ReplyEventKind.Finish:
                text.Append(CultureInfo.InvariantCulture, $" {replyEvent.Choice} {replyEvent.FinishReason}");
                Show(" met", replyEvent.Text);
                break;
            case ReplyEventKind.Usage:
                var usage = replyEvent.Usage;
                text.Append(CultureInfo.InvariantCulture, $" input {usage.Input} read {usage.CacheRead} write {usage.CacheWrite} output {usage.Output} reasoning {usage.Reasoning}");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $" {replyEvent.Choice}.{replyEvent.Part} {replyEvent.PartKind}");
                Show(" id", replyEvent.Id);
                Show(" name", replyEvent.Name);
                Show(" text", replyEvent.Text);
                break;
        }
        text.Append('\n');
    }

    public void Note(string line) => text.Append(line).Append('\n');

    public override string ToString() => text.ToString();

    private void Show(string label, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) text.Append(label).Append("=[").Append(Encoding.UTF8.GetString(value)).Append(']');
    }

    private void Check(in ReplyEvent replyEvent)
    {
        Assert.Equal(replyEvent.Kind != ReplyEventKind.Start, isStarted);
        isStarted = true;
        if (replyEvent.Kind is ReplyEventKind.Start or ReplyEventKind.About or ReplyEventKind.Usage) return;
        if (!parts.TryGetValue(replyEvent.Choice, out var state)) state = (-1, []);
        Assert.DoesNotContain(replyEvent.Choice, finished);
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.PartStart:
                Assert.Equal(state.Last + 1, replyEvent.Part);
                if (replyEvent.PartKind != PartKind.ToolCall) Assert.Empty(state.Open);
                state.Open.Add(replyEvent.Part);
                state.Last = replyEvent.Part;
                break;
            case ReplyEventKind.PartStop:
                Assert.True(state.Open.Remove(replyEvent.Part));
                break;
            case ReplyEventKind.Finish:
                Assert.Empty(state.Open);
                finished.Add(replyEvent.Choice);
                break;
            default:
                Assert.Contains(replyEvent.Part, state.Open);
                break;
        }
        parts[replyEvent.Choice] = state;
    }
}
