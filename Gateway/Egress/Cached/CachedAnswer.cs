using System.Globalization;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Caching;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Egress.Embeddings;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Degradation;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>Sends a kept reply, whole or as a stream, in the caller's dialect. Guardrails look at it as at any other, and what was masked is put back. It costs nothing.</summary>
internal static class CachedAnswer
{
    private const int FlushBytes = 32 * 1024;

    /// <summary>Sends the reply that the cache found.</summary>
    public static Task SendAsync(Exchange exchange, GatewayMetrics metrics, TimeProvider time) => SendAsync(exchange, exchange.Cache!.Answer!, metrics.Guardrails, time);

    /// <summary>Sends one that is too old, in place of a refusal, and says so. The refusal stays in the exchange: to the books, to canaries and to circuits the request has failed.</summary>
    public static Task SendStaleAsync(Exchange exchange, CachedReply reply, GatewayMetrics metrics, TimeProvider time)
    {
        var cache = exchange.Cache!;
        (cache.Status, cache.Answer) = (CacheStatus.Hit, reply);
        exchange.Plan = exchange.Plan! with { Reason = DegradationPolicy.Stale };
        exchange.Reply.IsDegraded = true;
        metrics.Cache.Of(exchange.Plan.Model.Name).Stale.Add(1);
        GatewayHeaders.Set(exchange);
        exchange.Http.Response.Headers.Remove("x-gateway-dropped");
        return SendAsync(exchange, reply, metrics.Guardrails, time);
    }

    private static async Task SendAsync(Exchange exchange, CachedReply reply, GuardrailMetrics metrics, TimeProvider time)
    {
        var response = exchange.Http.Response;
        response.Headers["x-gateway-cache-age"] = reply.AgeSeconds(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        response.Headers["x-gateway-deployment"] = reply.Deployment;
        response.Headers["x-gateway-provider"] = reply.Provider;
        var spend = exchange.Spend = PriceUsage.Of(exchange);
        ReadOnlyMemory<byte> body = reply.Body;
        using var converted = exchange.Operation.Kind == OperationKind.Embeddings ? VectorForm.Convert(body.Span, exchange.Request!.WantsBase64 == true) : null;
        if (converted is not null) body = converted.Written;
        using var screened = ReplyScreening.Reads(exchange) ? new PooledBufferWriter() : null;
        if (screened is not null)
        {
            var blocked = ReplyScreening.Whole(exchange, body.Span, metrics, time, screened);
            GatewayHeaders.SetGuardrails(exchange);
            if (blocked is not null)
            {
                exchange.Refusal = blocked;
                await SendReply.RefuseAsync(exchange, blocked);
                return;
            }
            if (screened.Length > 0) body = screened.Written;
        }
        response.StatusCode = exchange.Reply.StatusCode = StatusCodes.Status200OK;
        exchange.Reply.FirstContentUs = exchange.ElapsedUs;
        if (exchange.Request!.Stream && exchange.Operation.Kind == OperationKind.Chat)
        {
            await StreamAsync(exchange, reply, body, spend);
            return;
        }
        GatewayHeaders.SetSpend(exchange, spend);
        response.ContentType = "application/json";
        exchange.Reply.Bytes = SendReply.WriteBody(exchange, body.Span, spend);
        var flushed = await response.BodyWriter.FlushAsync(exchange.Http.RequestAborted);
        if (flushed.IsCompleted) exchange.Reply.CallerLeft = true;
    }

    private static async Task StreamAsync(Exchange exchange, CachedReply reply, ReadOnlyMemory<byte> body, Spend spend)
    {
        var response = exchange.Http.Response;
        using var events = new PooledBufferWriter(Math.Max(4096, body.Length * 2));
        StreamReplay.Write(exchange, reply, body, spend, events);
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        for (var rest = events.Written; !rest.IsEmpty;)
        {
            var piece = rest[..Math.Min(rest.Length, FlushBytes)];
            rest = rest[piece.Length..];
            exchange.Reply.Bytes += piece.Length;
            var flushed = await response.BodyWriter.WriteAsync(piece, exchange.Http.RequestAborted);
            if (!flushed.IsCompleted && !flushed.IsCanceled) continue;
            exchange.Reply.CallerLeft = true;
            return;
        }
        await response.CompleteAsync();
    }
}
