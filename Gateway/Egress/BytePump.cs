using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Egress;

/// <summary>Passes on a reply of bytes, piece by piece as they arrive. A reply that breaks off cuts the connection: half a recording never looks whole.</summary>
internal static class BytePump
{
    /// <summary>Runs until the reply ends, breaks, or the caller leaves.</summary>
    public static async Task RunAsync(Exchange exchange, ProviderReply reply, TimeProvider time)
    {
        var response = exchange.Http.Response;
        exchange.Spend = PriceUsage.Of(exchange);
        GatewayHeaders.SetSpend(exchange, exchange.Spend);
        response.StatusCode = exchange.Reply.StatusCode = reply.Status;
        response.ContentType = ReplyTypes.OfBytes(reply.Facts.MediaType);
        exchange.Reply.FirstContentUs = exchange.ElapsedUs;

        var waitedFrom = time.GetTimestamp();
        var broken = await CopyAsync(exchange, reply.Bytes!);
        exchange.Call.UpstreamUs += (long)time.GetElapsedTime(waitedFrom).TotalMicroseconds;
        exchange.Reply.BrokenBecause = broken;
        exchange.Call.EndLast(exchange.ElapsedUs, broken ?? (exchange.Reply.CallerLeft ? "caller_left" : "ok"));
        if (broken is null && !exchange.Reply.CallerLeft) await response.CompleteAsync();

        async Task<string?> CopyAsync(Exchange exchange, ByteStream bytes)
        {
            var caller = exchange.Http.RequestAborted;
            try
            {
                do
                {
                    var flushed = await response.BodyWriter.WriteAsync(bytes.Piece, caller);
                    exchange.Reply.Bytes += bytes.Piece.Length;
                    if (!flushed.IsCompleted && !flushed.IsCanceled) continue;
                    exchange.Reply.CallerLeft = true;
                    return null;
                }
                while (await bytes.ReadAsync());
                return null;
            }
            catch (OperationCanceledException) when (reply.Timer.TimedOut)
            {
                return "timeout";
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException)
            {
                if (!caller.IsCancellationRequested) return "broken";
                exchange.Reply.CallerLeft = true;
                return null;
            }
        }
    }
}
