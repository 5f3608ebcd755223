using System.Net;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>A reply's body that bounds each wait for it, counts it, and shows it to the watch on its way.</summary>
internal sealed class WatchedContent(HttpContent inner, Exchange exchange, AttemptTimer timer, TimeSpan idle, ReplyWatch? watch) : HttpContent
{
    /// <inheritdoc />
    protected override async Task<Stream> CreateContentReadStreamAsync() => new Watched(await inner.ReadAsStreamAsync(), this);

    /// <inheritdoc />
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("A reply on its way is read, never written.");

    /// <inheritdoc />
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private void Begin() => timer.Begin(idle);

    /// <summary>Notes the reason while it can be told: the forwarder aborts the caller's connection next, and then it looks as if the caller had left.</summary>
    private void NoteTimeout()
    {
        if (timer.TimedOut) exchange.Reply.BrokenBecause = "timeout";
    }

    private void Passed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        exchange.Reply.FirstContentUs ??= exchange.ElapsedUs;
        exchange.Reply.Bytes += bytes.Length;
        watch?.Read(bytes);
    }

    private sealed class Watched(Stream inner, WatchedContent owner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            owner.Begin();
            try
            {
                var read = await inner.ReadAsync(buffer, cancellationToken);
                owner.Passed(buffer.Span[..read]);
                return read;
            }
            catch (OperationCanceledException)
            {
                owner.NoteTimeout();
                throw;
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }

}
