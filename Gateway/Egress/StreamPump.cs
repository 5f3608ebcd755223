using System.Buffers;
using System.IO.Pipelines;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Egress;

/// <summary>
/// Passes a provider's stream on, event by event as they arrive: everything that one read brought goes out with one flush. Ends either with the
/// provider's own end marker, preceded by the gateway's comment, or with an explicit error event and a cut connection: a truncated stream never looks
/// like success, neither to readers of events nor to readers of HTTP.
/// </summary>
internal static class StreamPump
{
    private static readonly byte[] DoneEvent = "data: [DONE]\n\n"u8.ToArray();

    /// <summary>Runs until the stream ends, breaks, or the caller leaves.</summary>
    public static async Task RunAsync(Exchange exchange, ProviderReply reply, TimeProvider time)
    {
        var http = exchange.Http;
        http.Response.StatusCode = exchange.Reply.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        // Asks nginx and its kind not to collect events.
        http.Response.Headers["X-Accel-Buffering"] = "no";

        var output = http.Response.BodyWriter;
        var waitedFrom = time.GetTimestamp();
        var end = await CopyAsync(exchange, reply, output);
        exchange.Call.UpstreamUs += (long)time.GetElapsedTime(waitedFrom).TotalMicroseconds;
        exchange.Call.EndLast(exchange.ElapsedUs, end == StreamEnd.Broken ? exchange.Reply.BrokenBecause! : end == StreamEnd.CallerLeft ? "caller_left" : "ok");

        if (end == StreamEnd.CallerLeft)
        {
            exchange.Reply.CallerLeft = true;
            return;
        }
        if (end == StreamEnd.Broken)
        {
            WriteFailure(exchange, reply, output);
            await output.FlushAsync(http.RequestAborted);
            return;
        }
        // Tells the caller's HTTP stack that this was all before the books are done.
        await http.Response.CompleteAsync();
    }

    private static async ValueTask<StreamEnd> CopyAsync(Exchange exchange, ProviderReply reply, PipeWriter output)
    {
        var events = reply.Events!;
        var caller = exchange.Http.RequestAborted;
        try
        {
            while (true)
            {
                var end = ForwardEvents(exchange, reply, output);
                if (end == StreamEnd.NotYet && events.IsEnded) end = AtEnd(exchange, reply, output);
                if (end == StreamEnd.Broken) return end;
                var flushed = await output.FlushAsync(caller);
                if (flushed.IsCompleted || flushed.IsCanceled) return StreamEnd.CallerLeft;
                if (end != StreamEnd.NotYet) return end;
                if (!await events.ReadAsync() && !events.IsEnded) return Broken(exchange, "malformed");
            }
        }
        catch (OperationCanceledException)
        {
            return reply.Timer.TimedOut ? Broken(exchange, "timeout") : StreamEnd.CallerLeft;
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            return caller.IsCancellationRequested ? StreamEnd.CallerLeft : Broken(exchange, "broken");
        }
    }

    private static StreamEnd ForwardEvents(Exchange exchange, ProviderReply reply, PipeWriter output)
    {
        var events = reply.Events!;
        while (events.TryPeek(out var sseEvent))
        {
            var end = Forward(sseEvent, exchange, reply, output);
            events.Take(sseEvent.Length);
            if (end != StreamEnd.NotYet) return end;
        }
        return StreamEnd.NotYet;
    }

    private static StreamEnd Forward(ReadOnlySpan<byte> sseEvent, Exchange exchange, ProviderReply reply, PipeWriter output)
    {
        var data = SseScanner.DataOf(sseEvent, out var offset);
        if (data.IsEmpty)
        {
            Write(exchange, output, sseEvent);
            return StreamEnd.NotYet;
        }
        var verdict = reply.Module.ReadEvent(data, reply.Facts, hideUsage: !exchange.Request!.CallerWantsUsage);
        switch (verdict.Action)
        {
            case StreamAction.Done:
                WriteEnd(exchange, output, sseEvent);
                return StreamEnd.Complete;
            case StreamAction.Fail:
                return Broken(exchange, "server_error");
            case StreamAction.Drop:
                return StreamEnd.NotYet;
            case StreamAction.ForwardWithout when offset >= 0:
                Write(exchange, output, sseEvent[..(offset + verdict.CutStart)]);
                Write(exchange, output, sseEvent[(offset + verdict.CutEnd)..]);
                break;
            default:
                Write(exchange, output, sseEvent);
                break;
        }
        if (exchange.Reply.FirstContentUs is null && reply.Facts.ContentEvents > 0) exchange.Reply.FirstContentUs = exchange.ElapsedUs;
        return StreamEnd.NotYet;
    }

    /// <summary>The provider closed without its end marker: fine if the answer said that it was finished, a break otherwise.</summary>
    private static StreamEnd AtEnd(Exchange exchange, ProviderReply reply, PipeWriter output)
    {
        var rest = reply.Events!.Rest;
        if (!rest.IsEmpty && Forward(rest, exchange, reply, output) is var end and not StreamEnd.NotYet) return end;
        if (!reply.Facts.IsFinished) return Broken(exchange, "broken");
        if (!rest.IsEmpty) Write(exchange, output, "\n\n"u8);
        WriteEnd(exchange, output, DoneEvent);
        return StreamEnd.Complete;
    }

    private static void WriteEnd(Exchange exchange, PipeWriter output, ReadOnlySpan<byte> doneEvent)
    {
        var spend = exchange.Spend = PriceUsage.Of(exchange);
        GatewayMetadata.WriteClosingComment(output, exchange, spend);
        Write(exchange, output, doneEvent);
    }

    private static void WriteFailure(Exchange exchange, ProviderReply reply, PipeWriter output)
    {
        var provider = reply.Candidate.Deployment.Provider;
        var failure = exchange.Reply.BrokenBecause == "timeout" ? CallFailures.Timeout(provider, hasReply: true) : CallFailures.Broken(provider);
        output.Write("data: "u8);
        ErrorWriter.Write(output, failure.Refusal);
        output.Write("\n\n"u8);
    }

    private static void Write(Exchange exchange, PipeWriter output, ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        exchange.Reply.Bytes += bytes.Length;
    }

    private static StreamEnd Broken(Exchange exchange, string reason)
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
}
