using System.Buffers;

namespace AspireGateway.Simulator.Replying;

/// <summary>Sends an answer event by event and breaks it where that is scripted. A fault "after n" strikes when n chunks of output are out.</summary>
internal static class StreamSender
{
    public static async Task SendAsync(SimulatedCall call, IAnswer answer)
    {
        call.Http.Response.Headers.CacheControl = "no-cache";
        answer.AddHeaders(call.Http.Response.Headers);
        if (call.Directives.SlowHeadersMs is null) await call.DelayAsync(call.FirstTokenMs);
        await call.BeginAsync(StatusCodes.Status200OK, call.Protocol.StreamContentType);
        if (call.Directives.SlowHeadersMs is not null) await call.DelayAsync(call.FirstTokenMs);

        var buffer = new ArrayBufferWriter<byte>(1024);
        var struckAt = -1;
        foreach (var kind in answer.WriteFrames(buffer))
        {
            var sent = call.Record.ChunksSent;
            if (kind != FrameKind.Opening && struckAt != sent)
            {
                struckAt = sent;
                if (await StrikeAsync(call, answer, sent)) return;
            }

            if (kind == FrameKind.Done && call.Directives.NoDone) return;
            if (kind == FrameKind.Output && sent > 0) await call.DelayAsync(call.ChunkMs);
            await call.WriteAsync(buffer.WrittenMemory);
            buffer.ResetWrittenCount();
            if (kind == FrameKind.Output) call.CountChunk();
        }
    }

    /// <summary>Does what is scripted for this place; true when the stream is over.</summary>
    private static async Task<bool> StrikeAsync(SimulatedCall call, IAnswer answer, int sent)
    {
        var directives = call.Directives;
        if (directives.MalformedAfter == sent) await call.WriteAsync(call.Protocol.Garbage);
        // A stream without an opening event has sent nothing yet; it breaks after its headers all the same.
        if ((directives.StallAfter == sent || directives.CutAfter == sent) && !call.Http.Response.HasStarted) await call.FlushHeadersAsync();
        if (directives.StallAfter == sent) await call.StallAsync();
        if (directives.CutAfter == sent)
        {
            await call.CutAsync();
            return true;
        }

        if (directives.ErrorAfter == sent)
        {
            var buffer = new ArrayBufferWriter<byte>(256);
            answer.WriteErrorEvent(buffer, ErrorSender.Scripted(call));
            await call.WriteAsync(buffer.WrittenMemory);
            return true;
        }

        return directives.EndAfter == sent;
    }
}
