namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>
/// Finds the events of a server-sent event stream (WHATWG HTML, "Server-sent events"): lines end with LF, CR or CRLF, a blank line ends an event.
/// </summary>
internal static class SseScanner
{
    /// <summary>
    /// Length of the first event in the buffer, its blank line included; 0 = it is not complete yet. <paramref name="lineStart"/> remembers how far the
    /// buffer was read, so that a large event in small pieces is read once; the caller resets it to 0 with each new event.
    /// </summary>
    public static int FirstEventLength(ReadOnlySpan<byte> buffer, ref int lineStart)
    {
        while (true)
        {
            var length = buffer[lineStart..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0) return 0;
            var next = lineStart + length + 1;
            if (buffer[next - 1] == '\r')
            {
                // Its LF may be still on the way.
                if (next == buffer.Length) return 0;
                if (buffer[next] == '\n') next++;
            }
            if (length == 0) return next;
            lineStart = next;
        }
    }

    /// <summary>
    /// The data of an event. Almost always one line, and then a slice of the event that begins at <paramref name="offset"/>; several lines are joined
    /// in a new array, with an offset of -1. Empty for an event without data, such as a comment.
    /// </summary>
    public static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> sseEvent, out int offset)
    {
        offset = -1;
        ReadOnlySpan<byte> data = default;
        List<byte>? joined = null;
        var at = 0;
        while (at < sseEvent.Length)
        {
            var length = sseEvent[at..].IndexOfAny((byte)'\n', (byte)'\r');
            var line = length < 0 ? sseEvent[at..] : sseEvent.Slice(at, length);
            if (line.StartsWith("data:"u8))
            {
                var skip = line.Length > 5 && line[5] == ' ' ? 6 : 5;
                var value = line[skip..];
                if (joined is not null || !data.IsEmpty)
                {
                    joined ??= [.. data];
                    joined.Add((byte)'\n');
                    joined.AddRange(value);
                }
                else
                {
                    data = value;
                    offset = at + skip;
                }
            }
            if (length < 0) break;
            at += length + 1;
        }
        if (joined is null) return data;
        offset = -1;
        return joined.ToArray();
    }
}
