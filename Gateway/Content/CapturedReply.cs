using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace AspireGateway.Gateway.Content;

/// <summary>Stands before the server's body and copies what goes out to the caller: whole replies, streams, kept answers and errors alike, in the very bytes that they see.</summary>
internal sealed class CapturedReply(IHttpResponseBodyFeature inner, ContentBuffer copy) : PipeWriter, IHttpResponseBodyFeature
{
    private Memory<byte> given;
    private Stream? stream;

    /// <inheritdoc />
    public Stream Stream => stream ??= AsStream(leaveOpen: true);

    /// <inheritdoc />
    public PipeWriter Writer => this;

    /// <inheritdoc />
    public override bool CanGetUnflushedBytes => inner.Writer.CanGetUnflushedBytes;

    /// <inheritdoc />
    public override long UnflushedBytes => inner.Writer.UnflushedBytes;

    /// <inheritdoc />
    public override Memory<byte> GetMemory(int sizeHint = 0) => given = inner.Writer.GetMemory(sizeHint);

    /// <inheritdoc />
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc />
    public override void Advance(int bytes)
    {
        copy.Append(given.Span[..bytes]);
        given = given[bytes..];
        inner.Writer.Advance(bytes);
    }

    /// <inheritdoc />
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.Writer.FlushAsync(cancellationToken);

    /// <inheritdoc />
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        copy.Append(source.Span);
        return inner.Writer.WriteAsync(source, cancellationToken);
    }

    /// <inheritdoc />
    public override void CancelPendingFlush() => inner.Writer.CancelPendingFlush();

    /// <inheritdoc />
    public override void Complete(Exception? exception = null) => inner.Writer.Complete(exception);

    /// <inheritdoc />
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.Writer.CompleteAsync(exception);

    /// <inheritdoc />
    public void DisableBuffering() => inner.DisableBuffering();

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    /// <inheritdoc />
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => inner.SendFileAsync(path, offset, count, cancellationToken);

    /// <inheritdoc />
    Task IHttpResponseBodyFeature.CompleteAsync() => inner.CompleteAsync();

    /// <summary>Steps aside: what comes now is not copied.</summary>
    public void StepAside(HttpContext http) => http.Features.Set(inner);
}
