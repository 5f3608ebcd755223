using System.Buffers;
using System.IO.Pipelines;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Egress;

/// <summary>
/// Passes a provider's stream on, event by event as they arrive: everything that one read brought goes out with one flush. In the caller's own dialect
/// the bytes go on; from another one they are read into neutral events and written anew. Ends either with the dialect's end marker, preceded by the
/// gateway's comment, or with an explicit error event and a cut connection: a truncated stream never looks like success, neither to readers of events
/// nor to readers of HTTP.
/// </summary>
internal sealed class StreamPump
{
    private const string BlockedReason = "guardrail_blocked";

    private readonly Exchange exchange;
    private readonly ProviderReply reply;
    private readonly EventStream events;
    private readonly PipeWriter output;
    private readonly IReplyDialect dialect;
    private readonly IReplyStreamWriter? writer;
    private readonly FactsSink? sink;
    private readonly GuardrailMetrics metrics;
    private readonly StreamScreen? screen;
    private readonly Cached.ReplyRecorder? recorder;

    // With checks outside of the gateway: by which rule they look, and what waits for their word.
    private readonly ActiveRule? outside;
    private readonly HeldOutput? held;

    // With guardrails, what a translation writes before it was looked at.
    private readonly PooledBufferWriter? unseen;
    private CountingWriter? counted;
    private Refusal? refusal;

    private StreamPump(Exchange exchange, ProviderReply reply, GuardrailMetrics metrics)
    {
        this.exchange = exchange;
        this.reply = reply;
        this.metrics = metrics;
        outside = ExternalScreen.RuleOf(exchange.Screened, isReply: true);
        if (outside is not null) exchange.Screened!.Transcript = new ReplyTranscript();
        screen = ReplyScreening.Open(exchange, metrics);
        events = reply.Events!;
        held = outside is null ? null : new HeldOutput(exchange.Http.Response.BodyWriter);
        output = held ?? exchange.Http.Response.BodyWriter;
        dialect = ReplyDialects.Of(exchange.Operation.Dialect);
        recorder = Cached.ReplyRecorder.Open(exchange, reply);
        if (reply.Direct is not null) return;
        unseen = screen is null ? null : new PooledBufferWriter();
        writer = dialect.OpenStream(SendReply.ContextOf(exchange, reply), unseen ?? (IBufferWriter<byte>)new CountingWriter(output, exchange.Reply));
        sink = new FactsSink(reply.Facts, recorder?.Before(writer) ?? writer);
    }

    /// <summary>Runs until the stream ends, breaks, or the caller leaves.</summary>
    public static async Task RunAsync(Exchange exchange, ProviderReply reply, GuardrailMetrics metrics, TimeProvider time, ExternalScreen? external = null)
    {
        var http = exchange.Http;
        http.Response.StatusCode = exchange.Reply.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        // Asks nginx and its kind not to collect events.
        http.Response.Headers["X-Accel-Buffering"] = "no";

        var pump = new StreamPump(exchange, reply, metrics);
        using var translated = pump.unseen;
        using var kept = pump.held;
        var waitedFrom = time.GetTimestamp();
        var end = await pump.CopyAsync();
        if (pump.held is not null) end = await pump.AskOutsideAsync(end, external!);
        exchange.Call.UpstreamUs += (long)time.GetElapsedTime(waitedFrom).TotalMicroseconds;
        exchange.Call.EndLast(exchange.ElapsedUs, exchange.Reply.Broken is { } broken && end == StreamEnd.Broken ? broken : end == StreamEnd.CallerLeft ? "caller_left" : "ok");

        if (end == StreamEnd.CallerLeft)
        {
            exchange.Reply.CallerLeft = true;
            return;
        }
        if (end == StreamEnd.Broken)
        {
            pump.WriteFailure();
            pump.held?.Release();
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
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
                if (held is { IsFull: true }) return KeptBack(new ScreenVerdict(outside!, [], HasFailed: true));
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

    // Nothing has gone out yet. What was not looked at to its end goes nowhere.
    private async ValueTask<StreamEnd> AskOutsideAsync(StreamEnd end, ExternalScreen external)
    {
        if (end == StreamEnd.Complete)
        {
            try
            {
                if (await external.LookAtStreamAsync(exchange, outside!, exchange.Screened!.Transcript!.Text) is { } verdict)
                {
                    end = KeptBack(verdict);
                }
                else
                {
                    held!.Release();
                    var flushed = await exchange.Http.Response.BodyWriter.FlushAsync(exchange.Http.RequestAborted);
                    return flushed.IsCompleted || flushed.IsCanceled ? StreamEnd.CallerLeft : end;
                }
            }
            catch (OperationCanceledException)
            {
                end = StreamEnd.CallerLeft;
            }
        }
        held!.Drop();
        exchange.Reply.Bytes = 0;
        return end;
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
        recorder?.TakeEvent(data);
        switch (verdict.Action)
        {
            case StreamAction.Done:
                if (screen is not null && !screen.TryEndAll(Counted())) return Blocked();
                WriteComment();
                return Emit(frame, data, offset) ? StreamEnd.Complete : Blocked();
            case StreamAction.Fail:
                var failure = reply.Module.FailureIn(data);
                refusal = failure?.Refusal;
                return Broken(failure?.Outcome ?? "server_error");
            case StreamAction.Drop:
                return StreamEnd.NotYet;
            case StreamAction.ForwardWithout when offset >= 0 && screen is null:
                Write(frame[..(offset + verdict.CutStart)]);
                Write(frame[(offset + verdict.CutEnd)..]);
                return StreamEnd.NotYet;
            case StreamAction.ForwardWithout when offset >= 0:
                return EmitWithout(frame, data, offset, verdict) ? StreamEnd.NotYet : Blocked();
            default:
                return Emit(frame, data, offset) ? StreamEnd.NotYet : Blocked();
        }
    }

    private bool EmitWithout(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> data, int offset, StreamVerdict verdict)
    {
        using var cut = new PooledBufferWriter(frame.Length);
        cut.Write(frame[..(offset + verdict.CutStart)]);
        cut.Write(frame[(offset + verdict.CutEnd)..]);
        var left = cut.Written.Span;
        return Emit(left, left.Slice(offset, data.Length - (verdict.CutEnd - verdict.CutStart)), offset);
    }

    /// <summary>Sends an event on; false when a guardrail does not let it.</summary>
    private bool Emit(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> data, int offset)
    {
        if (screen is null)
        {
            Write(frame);
            return true;
        }
        if (offset >= 0) return screen.TryTake(frame, offset, data.Length, Counted());
        // Its data came in several lines, which are one text.
        using var joined = new PooledBufferWriter(data.Length + 8);
        joined.Write("data: "u8);
        joined.Write(data);
        joined.Write("\n\n"u8);
        return screen.TryTake(joined.Written.Span, 6, data.Length, Counted());
    }

    private StreamEnd Translate(ReadOnlySpan<byte> data) =>
        data.IsEmpty ? StreamEnd.NotYet : After(reply.StreamReader!.Read(data, sink!));

    /// <summary>Sends on what a translation wrote; false when a guardrail does not let it.</summary>
    private bool EmitTranslated()
    {
        if (unseen is null) return true;
        var rest = unseen.Written.Span;
        while (rest.IndexOf("\n\n"u8) is var end and >= 0)
        {
            var frame = rest[..(end + 2)];
            rest = rest[(end + 2)..];
            var start = frame.StartsWith("data: "u8) ? 6 : frame.IndexOf("\ndata: "u8) is var line and >= 0 ? line + 7 : frame.Length;
            if (!screen!.TryTake(frame, start, Math.Max(0, frame.Length - 2 - start), Counted())) return false;
        }
        unseen.Clear();
        return true;
    }

    private CountingWriter Counted() => counted ??= new CountingWriter(output, exchange.Reply);

    private StreamEnd After(StreamStep step)
    {
        switch (step)
        {
            case StreamStep.More:
                return EmitTranslated() ? StreamEnd.NotYet : Blocked();
            case StreamStep.Done:
                writer!.WriteClosing();
                if (!EmitTranslated() || screen?.TryEndAll(Counted()) == false) return Blocked();
                WriteComment();
                writer.WriteTerminal();
                return EmitTranslated() ? StreamEnd.Complete : Blocked();
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
        if (screen?.TryEndAll(Counted()) == false) return Blocked();
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

    // What it may be counts as what was asked for up to here; the event that says so is the dialect's own for errors.
    private StreamEnd Blocked() => KeptBack(screen!.Verdict!);

    private StreamEnd KeptBack(ScreenVerdict verdict)
    {
        exchange.Reply.IsKeptBack = true;
        exchange.Refusal = refusal = ReplyScreening.RefusalOf(verdict, metrics);
        return Broken(BlockedReason);
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
