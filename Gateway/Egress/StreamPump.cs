using System.Buffers;
using System.IO.Pipelines;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Egress;

/// <summary>
/// Passes a provider's stream on, event by event as they arrive: everything that one read brought goes out with one flush. In the caller's own dialect
/// the bytes go on; from another one they are read into neutral events and written anew. Ends either with the dialect's end marker, preceded by the
/// gateway's comment, or with an explicit error event and a cut connection: a truncated stream never looks like success, neither to readers of events
/// nor to readers of HTTP.
/// </summary>
internal sealed class StreamPump
{
    private readonly Exchange exchange;
    private readonly ProviderReply reply;
    private readonly EventStream events;
    private readonly PipeWriter output;
    private readonly IReplyDialect dialect;
    private readonly IReplyStreamWriter? writer;
    private readonly FactsSink? sink;
    private Refusal? refusal;

    private StreamPump(Exchange exchange, ProviderReply reply)
    {
        this.exchange = exchange;
        this.reply = reply;
        events = reply.Events!;
        output = exchange.Http.Response.BodyWriter;
        dialect = ReplyDialects.Of(exchange.Operation.Dialect);
        if (reply.Direct is not null) return;
        writer = dialect.OpenStream(SendReply.ContextOf(exchange, reply), new CountingWriter(output, exchange.Reply));
        sink = new FactsSink(reply.Facts, writer);
    }

    /// <summary>Runs until the stream ends, breaks, or the caller leaves.</summary>
    public static async Task RunAsync(Exchange exchange, ProviderReply reply, TimeProvider time)
    {
        var http = exchange.Http;
        http.Response.StatusCode = exchange.Reply.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        // Asks nginx and its kind not to collect events.
        http.Response.Headers["X-Accel-Buffering"] = "no";

        var pump = new StreamPump(exchange, reply);
        var waitedFrom = time.GetTimestamp();
        var end = await pump.CopyAsync();
        exchange.Call.UpstreamUs += (long)time.GetElapsedTime(waitedFrom).TotalMicroseconds;
        exchange.Call.EndLast(exchange.ElapsedUs, end == StreamEnd.Broken ? exchange.Reply.BrokenBecause! : end == StreamEnd.CallerLeft ? "caller_left" : "ok");

        if (end == StreamEnd.CallerLeft)
        {
            exchange.Reply.CallerLeft = true;
            return;
        }
        if (end == StreamEnd.Broken)
        {
            pump.WriteFailure();
            await pump.output.FlushAsync(http.RequestAborted);
            return;
        }
        // Tells the caller's HTTP stack that this was all before the books are done.
        await http.Response.CompleteAsync();
    }

    private async ValueTask<StreamEnd> CopyAsync()
    {
        var caller = exchange.Http.RequestAborted;
        try
        {
            while (true)
            {
                var end = ForwardEvents();
                if (end == StreamEnd.NotYet && events.IsEnded) end = AtEnd();
                if (end == StreamEnd.Broken) return end;
                var flushed = await output.FlushAsync(caller);
                if (flushed.IsCompleted || flushed.IsCanceled) return StreamEnd.CallerLeft;
                if (end != StreamEnd.NotYet) return end;
                if (!await events.ReadAsync() && !events.IsEnded) return Broken("malformed");
            }
        }
        catch (OperationCanceledException)
        {
            return reply.Timer.TimedOut ? Broken("timeout") : StreamEnd.CallerLeft;
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return caller.IsCancellationRequested ? StreamEnd.CallerLeft : Broken("broken");
        }
    }

    private StreamEnd ForwardEvents()
    {
        while (events.TryPeek(out var frame))
        {
            var end = Forward(frame);
            events.Take(frame.Length);
            if (end != StreamEnd.NotYet) return end;
        }
        return StreamEnd.NotYet;
    }

    private StreamEnd Forward(ReadOnlySpan<byte> frame)
    {
        var data = events.DataOf(frame, out var offset);
        var end = reply.Direct is { } direct ? Pass(direct, frame, data, offset) : Translate(data);
        if (exchange.Reply.FirstContentUs is null && reply.Facts.ContentEvents > 0) exchange.Reply.FirstContentUs = exchange.ElapsedUs;
        return end;
    }

    private StreamEnd Pass(IDirectOperation direct, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> data, int offset)
    {
        if (data.IsEmpty)
        {
            Write(frame);
            return StreamEnd.NotYet;
        }
        var hideUsage = exchange.Operation.HasStreamUsage && !exchange.Request!.CallerWantsUsage;
        var verdict = direct.ReadEvent(data, reply.Facts, hideUsage);
        switch (verdict.Action)
        {
            case StreamAction.Done:
                WriteComment();
                Write(frame);
                return StreamEnd.Complete;
            case StreamAction.Fail:
                var failure = reply.Module.FailureIn(data);
                refusal = failure?.Refusal;
                return Broken(failure?.Outcome ?? "server_error");
            case StreamAction.Drop:
                return StreamEnd.NotYet;
            case StreamAction.ForwardWithout when offset >= 0:
                Write(frame[..(offset + verdict.CutStart)]);
                Write(frame[(offset + verdict.CutEnd)..]);
                return StreamEnd.NotYet;
            default:
                Write(frame);
                return StreamEnd.NotYet;
        }
    }

    private StreamEnd Translate(ReadOnlySpan<byte> data) =>
        data.IsEmpty ? StreamEnd.NotYet : After(reply.StreamReader!.Read(data, sink!));

    private StreamEnd After(StreamStep step)
    {
        switch (step)
        {
            case StreamStep.More:
                return StreamEnd.NotYet;
            case StreamStep.Done:
                writer!.WriteClosing();
                WriteComment();
                writer.WriteTerminal();
                return StreamEnd.Complete;
            default:
                var failure = reply.StreamReader!.Failure;
                refusal = failure?.Refusal;
                return Broken(failure?.Outcome ?? "server_error");
        }
    }

    /// <summary>The provider closed without its end marker: fine if the answer said that it was finished, a break otherwise.</summary>
    private StreamEnd AtEnd()
    {
        var rest = events.Rest;
        if (!rest.IsEmpty && Forward(rest) is var end and not StreamEnd.NotYet) return end;
        if (reply.StreamReader is { } reader)
        {
            var step = reader.End(sink!);
            return step == StreamStep.Done ? After(step) : Broken("broken");
        }
        if (!reply.Facts.IsFinished) return Broken("broken");
        if (!rest.IsEmpty) Write("\n\n"u8);
        WriteComment();
        if (exchange.Operation.EndsWithMarker) Write(dialect.EndEvent);
        return StreamEnd.Complete;
    }

    private void WriteComment()
    {
        var spend = exchange.Spend = PriceUsage.Of(exchange);
        GatewayMetadata.WriteClosingComment(output, exchange, spend);
    }

    private void WriteFailure()
    {
        var provider = reply.Candidate.Deployment.Provider;
        refusal ??= (exchange.Reply.BrokenBecause == "timeout" ? CallFailures.Timeout(provider, hasReply: true) : CallFailures.Broken(provider)).Refusal;
        if (writer?.TryWriteFailure(refusal) != true) dialect.WriteStreamError(output, refusal, exchange.RequestId);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        exchange.Reply.Bytes += bytes.Length;
    }

    private StreamEnd Broken(string reason)
    {
        exchange.Reply.BrokenBecause = reason;
        return StreamEnd.Broken;
    }

    private enum StreamEnd
    {
        NotYet,
        Complete,
        Broken,
        CallerLeft,
    }

    /// <summary>Counts what a dialect writes.</summary>
    private sealed class CountingWriter(PipeWriter output, ReplyOutcome outcome) : IBufferWriter<byte>
    {
        public void Advance(int count)
        {
            outcome.Bytes += count;
            output.Advance(count);
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);
    }
}
