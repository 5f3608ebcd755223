using System.Buffers;
using System.Buffers.Text;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>
/// Reads a stream in the caller's dialect on its way out. 1. The texts of an event are found. 2. Each goes through its channel, which gives back what may go
/// out now. 3. Channels that end give the rest, carried by a copy of their last event. 4. The event goes out with its texts replaced.
/// Where events are numbered, as those of Responses are, a copy takes the number of the event that it goes out before, and all behind it move on by one.
/// </summary>
internal sealed class StreamScreen(Screened screened, Dialect dialect, GuardrailMetrics metrics)
{
    // A reply has a few texts; one that opens thousands of calls would fill memory with their ends.
    private const int MaxChannels = 512;

    private const byte TextMark = 0, NumberMark = 1;

    private readonly StreamDeltas deltas = new(dialect);
    private readonly Dictionary<ChannelKey, ReplyChannel> channels = [];
    private readonly ArrayBufferWriter<char> decoded = new(256);
    private readonly ArrayBufferWriter<byte> rewritten = new(1024);

    // Events that were put in, and the number of the last that came.
    private long added, last = -1;

    /// <summary>Why nothing more may go out; null = nothing is wrong.</summary>
    public ScreenVerdict? Verdict { get; private set; }

    /// <summary>Takes one event, and writes what may go out now.</summary>
    /// <param name="frame">The event, its blank line included.</param>
    /// <param name="dataStart">Where its data stand in it.</param>
    /// <param name="dataLength">How long they are.</param>
    /// <param name="output">Takes events.</param>
    /// <returns>False: nothing more may go out, see <see cref="Verdict"/>.</returns>
    public bool TryTake(ReadOnlySpan<byte> frame, int dataStart, int dataLength, IBufferWriter<byte> output)
    {
        var data = frame.Slice(dataStart, dataLength);
        if (screened.MasksReplies && LogprobStrip.MayHave(data))
        {
            var stripped = new ArrayBufferWriter<byte>(frame.Length);
            stripped.Write(frame[..dataStart]);
            LogprobStrip.Write(data, stripped);
            var length = stripped.WrittenCount - dataStart;
            stripped.Write(frame[(dataStart + dataLength)..]);
            return TryTakeEvent(stripped.WrittenSpan, dataStart, length, output);
        }
        return TryTakeEvent(frame, dataStart, dataLength, output);
    }

    private bool TryTakeEvent(ReadOnlySpan<byte> frame, int dataStart, int dataLength, IBufferWriter<byte> output)
    {
        var data = frame.Slice(dataStart, dataLength);
        // 1
        if (!deltas.TryRead(data))
        {
            // A comment or an end marker: the latter comes after all texts.
            if (dataLength > 0 && !TryEndAll(output)) return false;
            output.Write(frame);
            return true;
        }
        // 2
        rewritten.ResetWrittenCount();
        var (at, number) = (0, -1);
        foreach (ref readonly var text in deltas.Texts)
        {
            NoteNumber(at, dataStart + text.Start, dataStart, ref number);
            rewritten.Write(frame[at..(dataStart + text.Start)]);
            at = dataStart + text.End;
            if (!TryReplace(data[text.Start..text.End], text)) return false;
        }
        NoteNumber(at, frame.Length, dataStart, ref number);
        rewritten.Write(frame[at..]);
        // What one event both continues and ends stands in that event.
        foreach (ref readonly var text in deltas.Texts)
            if (text.Channel is { } key && !deltas.Ended.Contains(key.Choice) && channels[key].Waits) channels[key].Carrier = CarrierOf(frame, dataStart, text);
        // 3
        foreach (var ended in deltas.Ended)
            if (!TryEnd(ended, output)) return false;
        // 4
        if (deltas.NumberAt is not null) last = deltas.Number;
        WriteNumbered(rewritten.WrittenSpan, number, output);
        return true;
    }

    /// <summary>The stream has ended: writes what still waits.</summary>
    public bool TryEndAll(IBufferWriter<byte> output) => TryEnd(-1, output);

    // The number stands between texts, which are replaced; its own place among what is written follows from that.
    private void NoteNumber(int from, int to, int dataStart, ref int number)
    {
        if (deltas.NumberAt is { } place && dataStart + place.Start.Value >= from && dataStart + place.Start.Value < to) number = rewritten.WrittenCount + dataStart + place.Start.Value - from;
    }

    private void WriteNumbered(ReadOnlySpan<byte> written, int number, IBufferWriter<byte> output)
    {
        if (added == 0 || number < 0 || deltas.NumberAt is not { } place)
        {
            output.Write(written);
            return;
        }
        output.Write(written[..number]);
        WriteNumber(deltas.Number + added, output);
        output.Write(written[(number + place.End.Value - place.Start.Value)..]);
    }

    private static void WriteNumber(long number, IBufferWriter<byte> output)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(20), out var length);
        output.Advance(length);
    }

    private bool TryReplace(ReadOnlySpan<byte> quoted, in EventText text)
    {
        decoded.ResetWrittenCount();
        if (!ReplyText.TryDecode(quoted, decoded))
        {
            // Half a character, which another event may complete: nobody can look at it.
            rewritten.Write("\"\""u8);
            return true;
        }
        var isWhole = text.Channel is null;
        if (text.Channel is { Field: DeltaField.Words }) screened.Words?.Take(decoded.WrittenSpan);
        var channel = isWhole ? new ReplyChannel(screened, metrics, text.IsJson ? DeltaField.Arguments : DeltaField.Words) : ChannelOf(text.Channel!.Value);
        if ((Verdict = channel.Take(decoded.WrittenSpan)) is not null) return false;
        // A whole text is whole; and what ends with this very event says all it has here.
        if ((isWhole || deltas.Ended.Contains(text.Channel!.Value.Choice)) && (Verdict = channel.End()) is not null) return false;
        ReplyText.Write(channel.Ready, rewritten);
        channel.Clear();
        if (!channel.Waits) channel.Carrier = null;
        return true;
    }

    private ReplyChannel ChannelOf(ChannelKey key)
    {
        if (channels.TryGetValue(key, out var channel)) return channel;
        if (channels.Count >= MaxChannels) key = channels.Keys.First();
        return channels.TryGetValue(key, out channel) ? channel : channels[key] = new ReplyChannel(screened, metrics, key.Field);
    }

    private bool TryEnd(int choice, IBufferWriter<byte> output)
    {
        foreach (var (key, channel) in channels)
        {
            if (choice >= 0 && key.Choice != choice || !channel.Waits) continue;
            if ((Verdict = channel.End()) is not null) return false;
            if (channel.Carrier is { } carrier) WriteCarried(carrier, channel.Ready, output);
            channel.Clear();
            channel.Carrier = null;
        }
        return true;
    }

    /// <summary>The event with the text of this channel marked by a NUL and its number by another control character, which no JSON holds, and all its other texts empty.</summary>
    private byte[] CarrierOf(ReadOnlySpan<byte> frame, int dataStart, in EventText mine)
    {
        var copy = new ArrayBufferWriter<byte>(frame.Length);
        var at = 0;
        foreach (ref readonly var text in deltas.Texts)
        {
            WriteMarked(frame, at, dataStart + text.Start, dataStart, copy);
            at = dataStart + text.End;
            copy.Write(text == mine ? [TextMark] : "\"\""u8);
        }
        WriteMarked(frame, at, frame.Length, dataStart, copy);
        return copy.WrittenSpan.ToArray();
    }

    private void WriteMarked(ReadOnlySpan<byte> frame, int from, int to, int dataStart, ArrayBufferWriter<byte> copy)
    {
        if (deltas.NumberAt is { } place && dataStart + place.Start.Value >= from && dataStart + place.Start.Value < to)
        {
            copy.Write(frame[from..(dataStart + place.Start.Value)]);
            copy.Write([NumberMark]);
            from = dataStart + place.End.Value;
        }
        copy.Write(frame[from..to]);
    }

    private void WriteCarried(ReadOnlySpan<byte> carrier, ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        while (carrier.IndexOfAny(TextMark, NumberMark) is >= 0 and var mark)
        {
            output.Write(carrier[..mark]);
            if (carrier[mark] == TextMark) ReplyText.Write(text, output);
            else WriteNumber((deltas.NumberAt is null || deltas.Number <= last ? last + 1 : deltas.Number) + added++, output);
            carrier = carrier[(mark + 1)..];
        }
        output.Write(carrier);
    }
}
