using System.Buffers;

namespace AspireGateway.Simulator.Replying;

/// <summary>
/// Sends an answer in one piece. The faults of a stream have their likeness here: stall and cut strike in the middle of the body,
/// end and malformed send its first half with a length that fits.
/// </summary>
internal static class PlainSender
{
    public static async Task SendAsync(SimulatedCall call, IAnswer answer)
    {
        var directives = call.Directives;
        await call.DelayAsync(directives.LatencyMs ?? call.FirstTokenMs + (long)call.ChunkMs * answer.Chunks);

        var body = new ArrayBufferWriter<byte>(2048);
        answer.WritePlain(body);
        var bytes = body.WrittenMemory;
        answer.AddHeaders(call.Http.Response.Headers);
        var half = bytes[..(bytes.Length / 2)];
        var truncated = directives.EndAfter is not null || directives.MalformedAfter is not null;
        call.Http.Response.ContentLength = truncated ? half.Length : bytes.Length;
        await call.BeginAsync(StatusCodes.Status200OK, answer.PlainContentType);
        if (directives.StallAfter is not null || directives.CutAfter is not null)
        {
            await call.WriteAsync(half);
            if (directives.StallAfter is not null) await call.StallAsync();
            await call.CutAsync();
            return;
        }

        await call.WriteAsync(truncated ? half : bytes);
        call.Record.ChunksSent = answer.Chunks;
    }
}
