using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Reliability.Degradation;

/// <summary>
/// Sends a canned text as the answer, in the caller's dialect, whole or as a stream. It costs nothing; what failed attempts used is in the books as without it. The
/// refusal stays in the exchange: to the books, to canaries and to circuits the request has failed.
/// </summary>
internal static class DegradedReply
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Sends it.</summary>
    public static async Task SendAsync(Exchange exchange, string text)
    {
        var response = exchange.Http.Response;
        exchange.Plan = exchange.Plan! with { Reason = DegradationPolicy.Canned };
        exchange.Reply.IsDegraded = true;
        var spend = exchange.Spend = PriceUsage.Of(exchange);
        GatewayHeaders.Set(exchange);
        // Fields that a provider could not have been told are not missed in a text that nobody generated.
        response.Headers.Remove("x-gateway-dropped");
        exchange.Reply.StatusCode = response.StatusCode = StatusCodes.Status200OK;
        exchange.Reply.FirstContentUs = exchange.ElapsedUs;
        using var written = new PooledBufferWriter();
        if (exchange.Request!.Stream)
        {
            response.ContentType = "text/event-stream; charset=utf-8";
            response.Headers.CacheControl = "no-cache";
            WriteStream(exchange, text, spend, written);
            response.BodyWriter.Write(written.Written.Span);
            exchange.Reply.Bytes = written.Length;
        }
        else
        {
            GatewayHeaders.SetSpend(exchange, spend);
            response.ContentType = "application/json";
            WriteWhole(exchange, text, written);
            exchange.Reply.Bytes = SendReply.WriteBody(exchange, written.Written.Span, spend);
        }
        if ((await response.BodyWriter.FlushAsync(exchange.Http.RequestAborted)).IsCompleted) exchange.Reply.CallerLeft = true;
    }

    private static void WriteWhole(Exchange exchange, string text, PooledBufferWriter output)
    {
        var whole = new ReplyBuilder();
        Tell(exchange, text, whole);
        using var writer = new Utf8JsonWriter(output, Plain);
        ReplyDialects.Of(exchange.Operation.Dialect).WriteReply(whole.Finish(), ContextOf(exchange), writer);
    }

    private static void WriteStream(Exchange exchange, string text, Spend spend, PooledBufferWriter output)
    {
        var stream = ReplyDialects.Of(exchange.Operation.Dialect).OpenStream(ContextOf(exchange), output);
        Tell(exchange, text, stream);
        stream.WriteClosing();
        GatewayMetadata.WriteClosingComment(output, exchange, spend);
        stream.WriteTerminal();
    }

    private static void Tell(Exchange exchange, string text, IReplySink sink)
    {
        sink.Take(new() { Kind = ReplyEventKind.Start, Name = JsonText.Of(exchange.Plan!.Model.Name).Escaped });
        sink.Take(new() { Kind = ReplyEventKind.PartStart, PartKind = PartKind.Text });
        sink.Take(new() { Kind = ReplyEventKind.Delta, PartKind = PartKind.Text, Text = JsonText.Of(text).Escaped });
        sink.Take(new() { Kind = ReplyEventKind.PartStop, PartKind = PartKind.Text });
        sink.Take(new() { Kind = ReplyEventKind.Finish, FinishReason = FinishReason.Stop });
        sink.Take(new() { Kind = ReplyEventKind.Usage, Usage = default });
    }

    private static ReplyContext ContextOf(Exchange exchange) => new()
    {
        Id = exchange.Id, Model = exchange.Plan!.Model.Name, CreatedAt = exchange.ArrivedAt, WantsUsage = exchange.Request!.CallerWantsUsage, Request = exchange.Request.Chat,
        RequestBody = exchange.Request.Body,
    };
}
