using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Tests.Neutral;

/// <summary>Writes the events of a reply as lines of text, for golden files; checks on the way that readers keep the order they promise.</summary>
internal sealed class EventDump : IReplySink
{
    private readonly StringBuilder text = new();
    private readonly Dictionary<(int Choice, int Part), bool> parts = [];
    private bool isStarted;

    /// <summary>Faults in the order of events; empty = none.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Events so far.</summary>
    public int Count { get; private set; }

    /// <summary>The lines.</summary>
    public override string ToString() => text.ToString();

    /// <summary>Adds a line of the test's own.</summary>
    public void Note(string line) => text.Append(line).Append('\n');

    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        Count++;
        Check(replyEvent);
        text.Append(CultureInfo.InvariantCulture, $"{replyEvent.Kind}");
        var at = (replyEvent.Choice, replyEvent.Part);
        var isOfPart = replyEvent.Kind is ReplyEventKind.PartStart or ReplyEventKind.Delta or ReplyEventKind.Signature or ReplyEventKind.Citation or ReplyEventKind.PartStop;
        if (isOfPart) text.Append(CultureInfo.InvariantCulture, $" {at.Choice}.{at.Part} {replyEvent.PartKind}");
        if (replyEvent.Kind == ReplyEventKind.Finish) text.Append(CultureInfo.InvariantCulture, $" {at.Choice} {replyEvent.FinishReason}");
        if (replyEvent.Kind == ReplyEventKind.Usage)
        {
            var usage = replyEvent.Usage;
            text.Append(CultureInfo.InvariantCulture, $" input={usage.Input} read={usage.CacheRead} write={usage.CacheWrite} output={usage.Output} reasoning={usage.Reasoning}");
        }
        Add("id", replyEvent.Id);
        Add("name", replyEvent.Name);
        Add("text", replyEvent.Text);
        Add("logprobs", replyEvent.Logprobs);
        if (replyEvent.Place != default) text.Append(CultureInfo.InvariantCulture, $" place={replyEvent.Place.Start}-{replyEvent.Place.End}");
        text.Append('\n');
    }

    private void Add(string name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty) text.Append(CultureInfo.InvariantCulture, $" {name}={Encoding.UTF8.GetString(value)}");
    }

    private void Check(in ReplyEvent replyEvent)
    {
        var at = (replyEvent.Choice, replyEvent.Part);
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.Start:
                if (isStarted || Count > 1) Faults.Add("a start that is not first");
                isStarted = true;
                break;
            case ReplyEventKind.PartStart:
                if (parts.Keys.Count(known => known.Choice == at.Choice) != at.Part) Faults.Add($"part {at} is not the next");
                if (!parts.TryAdd(at, true)) Faults.Add($"part {at} starts twice");
                break;
            case ReplyEventKind.Delta or ReplyEventKind.Signature or ReplyEventKind.Citation:
                if (!parts.TryGetValue(at, out var isOpen) || !isOpen) Faults.Add($"a piece of {at}, which is not open");
                break;
            case ReplyEventKind.PartStop:
                if (!parts.TryGetValue(at, out var wasOpen) || !wasOpen) Faults.Add($"a stop of {at}, which is not open");
                parts[at] = false;
                break;
        }
    }
}
