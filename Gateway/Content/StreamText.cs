using System.Buffers;
using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Content;

/// <summary>The words of a stream of events (WHATWG HTML, "Server-sent events"), as its reader saw them.</summary>
internal static class StreamText
{
    /// <summary>Its texts, each by itself: the words of a sole answer as they are, others under their names; null = no event holds any that the dialect knows.</summary>
    public static string? Of(ReadOnlySpan<byte> stream, Dialect dialect)
    {
        var deltas = new StreamDeltas(dialect);
        var texts = new Dictionary<ChannelKey, StringBuilder>();
        var decoded = new ArrayBufferWriter<char>(256);
        using var data = new PooledBufferWriter();
        while (!stream.IsEmpty)
        {
            var end = stream.IndexOf((byte)'\n');
            // The last line was cut.
            if (end < 0) break;
            var line = stream[..end].TrimEnd((byte)'\r');
            stream = stream[(end + 1)..];
            if (line.StartsWith("data:"u8))
            {
                if (data.Length > 0) data.Write("\n"u8);
                data.Write(line[5..].TrimStart((byte)' '));
            }
            else if (line.IsEmpty && data.Length > 0)
            {
                Take(data.Written.Span, deltas, texts, decoded);
                data.Clear();
            }
        }
        if (texts.Count == 0) return null;
        if (texts is { Count: 1 } && texts.First() is { Key.Field: DeltaField.Words } sole) return sole.Value.ToString();
        return string.Join("\n\n", texts.Select(text => $"[{NameOf(text.Key)}]\n{text.Value}"));
    }

    private static void Take(ReadOnlySpan<byte> data, StreamDeltas deltas, Dictionary<ChannelKey, StringBuilder> texts, ArrayBufferWriter<char> decoded)
    {
        if (!deltas.TryRead(data)) return;
        foreach (var text in deltas.Texts)
        {
            if (text.Channel is not { } channel) continue;
            decoded.Clear();
            if (!ReplyText.TryDecode(data[text.Start..text.End], decoded) || decoded.WrittenCount == 0) continue;
            if (!texts.TryGetValue(channel, out var so)) texts[channel] = so = new StringBuilder();
            so.Append(decoded.WrittenSpan);
        }
    }

    private static string NameOf(ChannelKey channel)
    {
        var place = channel is { Choice: 0, Part: 0 } ? "" : string.Create(CultureInfo.InvariantCulture, $" {channel.Choice}.{channel.Part}");
        return channel.Field switch { DeltaField.Thoughts => "thoughts", DeltaField.Refusal => "refusal", DeltaField.Arguments => "arguments of a call", _ => "answer" } + place;
    }
}
