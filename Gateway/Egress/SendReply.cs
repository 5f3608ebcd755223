using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Egress;

/// <summary>Writes the reply: the refusal that ended the journey, the provider's whole answer, or its stream.</summary>
internal sealed class SendReply(TimeProvider time) : IReply
{
    // RFC 9110 has no status for it; nginx's 499 is what operators know. It goes into records only.
    private const int CallerLeftStatus = 499;

    /// <inheritdoc />
    public Task ReplyAsync(Exchange exchange)
    {
        var outcome = exchange.Reply;
        if (outcome.CallerLeft)
        {
            outcome.StatusCode = CallerLeftStatus;
            return Task.CompletedTask;
        }
        GatewayHeaders.Set(exchange);
        if (exchange.Refusal is { } refusal) return SendRefusalAsync(exchange, refusal);
        var reply = exchange.Call.Standing!;
        GatewayHeaders.SetServed(exchange, reply);
        return reply.Events is null ? SendWholeAsync(exchange, reply) : StreamPump.RunAsync(exchange, reply, time);
    }

    private static async Task SendRefusalAsync(Exchange exchange, Refusal refusal)
    {
        exchange.Reply.StatusCode = refusal.Status;
        await ErrorWriter.WriteAsync(exchange.Http, refusal);
        exchange.Reply.Bytes = exchange.Http.Response.ContentLength ?? 0;
    }

    private static async Task SendWholeAsync(Exchange exchange, ProviderReply reply)
    {
        var spend = exchange.Spend = PriceUsage.Of(exchange);
        GatewayHeaders.SetSpend(exchange, spend);
        var response = exchange.Http.Response;
        response.StatusCode = exchange.Reply.StatusCode = reply.Status;
        response.ContentType = "application/json";
        exchange.Reply.FirstContentUs = exchange.ElapsedUs;
        var length = WriteBody(exchange, reply, spend);
        exchange.Reply.Bytes = length;
        var flushed = await response.BodyWriter.FlushAsync(exchange.Http.RequestAborted);
        if (flushed.IsCompleted) exchange.Reply.CallerLeft = true;
    }

    private static int WriteBody(Exchange exchange, ProviderReply reply, Spend spend)
    {
        var body = reply.Body!.Span;
        var response = exchange.Http.Response;
        if (!exchange.Request!.WantsMetadataInBody)
        {
            response.ContentLength = body.Length;
            System.Buffers.BuffersExtensions.Write(response.BodyWriter, body);
            return body.Length;
        }
        // The module has seen to it that the body is one JSON object, so its last brace closes it.
        var brace = body.LastIndexOf((byte)'}');
        var metadata = GatewayMetadata.AsProperty(exchange, spend, isFirst: body[..brace].TrimEnd(" \t\r\n"u8) is [(byte)'{']);
        response.ContentLength = body.Length + metadata.Length;
        System.Buffers.BuffersExtensions.Write(response.BodyWriter, body[..brace]);
        System.Buffers.BuffersExtensions.Write(response.BodyWriter, metadata.Span);
        System.Buffers.BuffersExtensions.Write(response.BodyWriter, body[brace..]);
        return body.Length + metadata.Length;
    }
}
