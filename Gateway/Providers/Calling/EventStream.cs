using System.Buffers;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>
/// A provider's event stream, read into one rented buffer that holds at most one incomplete event: memory per stream is bounded however long it runs.
/// </summary>
internal sealed class EventStream(Stream stream, AttemptTimer timer, TimeSpan idle, ReplyFraming framing = ReplyFraming.ServerSentEvents) : IDisposable
{
    /// <summary>Largest single event, in bytes; larger ones end the stream as malformed.</summary>
    public const int MaxEventBytes = 16 * 1024 * 1024;

    private const int FirstRent = 8 * 1024;

    private byte[]? buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
    private int start, end, lineStart;

    /// <summary>Whether the provider has closed its side.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether what came cannot be cut into events (Amazon's framing: impossible lengths or a wrong checksum). Nothing more is read then.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Bytes that have come and do not make an event yet.</summary>
    public int Pending => end - start;

    /// <summary>The media type of streams with this framing.</summary>
    public static string MediaTypeOf(ReplyFraming framing) =>
        framing == ReplyFraming.AmazonEventStream ? "application/vnd.amazon.eventstream" : "text/event-stream";

    /// <summary>
    /// What an event says: of a server-sent event its data, and where in the event it stands (-1 = nowhere as one piece); of a binary frame the frame. Empty
    /// for an event without data.
    /// </summary>
    public ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> sseEvent, out int offset)
    {
        offset = 0;
        return framing == ReplyFraming.AmazonEventStream ? sseEvent : SseScanner.DataOf(sseEvent, out offset);
    }

    /// <summary>Looks at the next complete event without taking it; false = more must be read first.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> sseEvent)
    {
        var length = framing == ReplyFraming.AmazonEventStream
            ? FrameLength()
            : SseScanner.FirstEventLength(buffer.AsSpan(start, end - start), ref lineStart);
        sseEvent = buffer.AsSpan(start, length);
        return length > 0;
    }

    /// <summary>What is left when the stream has ended without a blank line: by the standard not an event, in practice some send it so.</summary>
    public ReadOnlySpan<byte> Rest => framing == ReplyFraming.ServerSentEvents ? buffer.AsSpan(start, end - start) : default;

    /// <summary>Takes an event that was looked at.</summary>
    public void Take(int length)
    {
        start += length;
        lineStart = 0;
    }

    /// <summary>Puts events back that were taken: they come again, before all others.</summary>
    public void Rewind(ReadOnlySpan<byte> taken)
    {
        var length = taken.Length + Pending;
        var whole = ArrayPool<byte>.Shared.Rent(Math.Max(length, FirstRent));
        taken.CopyTo(whole);
        buffer.AsSpan(start, Pending).CopyTo(whole.AsSpan(taken.Length));
        ArrayPool<byte>.Shared.Return(buffer!);
        (buffer, start, end, lineStart) = (whole, 0, length, 0);
    }

    /// <summary>
    /// Waits for more bytes. False = the provider has closed its side, or the event in the buffer is larger than any may be.
    /// Throws what the stream throws when the connection breaks, and a cancellation when the provider was silent for too long.
    /// </summary>
    public async ValueTask<bool> ReadAsync()
    {
        if (IsMalformed) return false;
        if (start == end)
        {
            start = end = 0;
        }
        else if (end == buffer!.Length)
        {
            if (start == 0 && !Grow()) return false;
            if (start > 0) Compact();
        }
        timer.Begin(idle);
        var read = await stream.ReadAsync(buffer.AsMemory(end), timer.Token);
        end += read;
        if (read == 0) IsEnded = true;
        return read > 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (buffer is null) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }

    private int FrameLength()
    {
        if (IsMalformed) return 0;
        // Here lineStart is the length of a frame whose checksum was found right, so that looking twice does not compute it twice.
        if (lineStart > 0) return lineStart;
        var length = AmazonFrameScanner.FirstFrameLength(buffer.AsSpan(start, end - start), MaxEventBytes);
        IsMalformed = length == AmazonFrameScanner.Malformed;
        return lineStart = Math.Max(length, 0);
    }

    private bool Grow()
    {
        if (buffer!.Length >= MaxEventBytes) return false;
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
        return true;
    }

    private void Compact()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
    }
}
