using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Egress.Cached;
using AspireGateway.Gateway.Egress.Embeddings;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Reliability.Degradation;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Egress;

/// <summary>Writes the reply: the refusal that ended the journey, a kept answer, the provider's whole answer, or its stream.</summary>
internal sealed class SendReply(GatewayMetrics metrics, ExternalScreen external, TimeProvider time) : IReply
{
    // RFC 9110 has no status for it; nginx's 499 is what operators know. It goes into records only.
    private const int CallerLeftStatus = 499;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

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
        if (exchange.Refusal is { } refusal)
        {
            return DegradationPolicy.StaleFor(exchange, refusal) is { } stale ? CachedAnswer.SendStaleAsync(exchange, stale, metrics, time)
                : DegradationPolicy.AnswerFor(exchange, refusal) is { } text ? DegradedReply.SendAsync(exchange, text) : RefuseAsync(exchange, refusal);
        }
        if (exchange.IsFromCache) return CachedAnswer.SendAsync(exchange, metrics, time);
        var reply = exchange.Call.Standing!;
        GatewayHeaders.SetServed(exchange, reply);
        return exchange.Checks?.AtEnd is { } look && reply.Events is not null ? StreamAndLookAsync(exchange, reply, look)
            : reply.Events is not null ? StreamPump.RunAsync(exchange, reply, metrics.Guardrails, time, external)
            : reply.Bytes is not null ? BytePump.RunAsync(exchange, reply, time)
            : SendWholeAsync(exchange, reply, metrics.Guardrails, external, time);
    }

    /// <summary>What a dialect needs to know beside the reply.</summary>
    public static ReplyContext ContextOf(Exchange exchange, ProviderReply reply) => new()
    {
        Id = exchange.Id,
        Model = reply.Candidate.Deployment.UpstreamModel,
        CreatedAt = exchange.ArrivedAt,
        WantsUsage = exchange.Request!.CallerWantsUsage,
        Request = exchange.Request.Chat,
        RequestBody = exchange.Request.Body,
    };

    /// <summary>Writes a refusal as the whole reply.</summary>
    public static async Task RefuseAsync(Exchange exchange, Refusal refusal)
    {
        exchange.Reply.StatusCode = refusal.Status;
        await ErrorWriter.WriteAsync(exchange.Http, refusal, exchange.Operation.Dialect, exchange.RequestId);
        exchange.Reply.Bytes = exchange.Http.Response.ContentLength ?? 0;
    }

    // The caller has all of it by now: what is found is counted.
    private async Task StreamAndLookAsync(Exchange exchange, ProviderReply reply, Func<Exchange, ValueTask> look)
    {
        await StreamPump.RunAsync(exchange, reply, metrics.Guardrails, time, external);
        if (exchange.Reply is not { CallerLeft: false, BrokenBecause: null }) return;
        await look(exchange);
        // What a judge cost is known only now.
        exchange.Spend = PriceUsage.Of(exchange);
    }

    private static async Task SendWholeAsync(Exchange exchange, ProviderReply reply, GuardrailMetrics metrics, ExternalScreen external, TimeProvider time)
    {
        var spend = exchange.Spend = PriceUsage.Of(exchange);
        GatewayHeaders.SetSpend(exchange, spend);
        using var written = reply.Body is null ? new PooledBufferWriter() : null;
        if (written is not null) Translate(exchange, reply, written);
        var body = written?.Written ?? reply.Body!.Memory;
        using var converted = reply.Body is not null && exchange.Operation.Kind == OperationKind.Embeddings
            ? VectorForm.Convert(body.Span, exchange.Request!.WantsBase64 == true) : null;
        if (converted is not null) body = converted.Written;
        PooledBufferWriter? looked = null;
        using var screened = ReplyScreening.Reads(exchange) ? new PooledBufferWriter() : null;
        if (screened is not null)
        {
            var outside = ExternalScreen.RuleOf(exchange.Screened, isReply: true);
            var blocked = ReplyScreening.Whole(exchange, body.Span, metrics, time, screened, restores: outside is null);
            if (screened.Length > 0) body = screened.Written;
            if (blocked is null && outside is not null) (blocked, looked) = await ReplyScreening.OutsideAsync(exchange, outside, external, body, metrics);
            GatewayHeaders.SetGuardrails(exchange);
            if (blocked is not null)
            {
                exchange.Refusal = blocked;
                await RefuseAsync(exchange, blocked);
                return;
            }
            if (looked is { Length: > 0 }) body = looked.Written;
        }
        var response = exchange.Http.Response;
        response.StatusCode = exchange.Reply.StatusCode = reply.Status;
        response.ContentType = exchange.Operation.ReplyForm == ReplyForm.Text ? ReplyTypes.OfText(reply.Facts.MediaType) : "application/json";
        exchange.Reply.FirstContentUs = exchange.ElapsedUs;
        exchange.Reply.Bytes = WriteBody(exchange, body.Span, spend);
        looked?.Dispose();
        var flushed = await response.BodyWriter.FlushAsync(exchange.Http.RequestAborted);
        if (flushed.IsCompleted) exchange.Reply.CallerLeft = true;
    }

    /// <summary>Writes a whole reply that came in another dialect.</summary>
    public static void Translate(Exchange exchange, ProviderReply reply, PooledBufferWriter output)
    {
        using var writer = new Utf8JsonWriter(output, Plain);
        if (reply.Embeddings is { } vectors)
        {
            EmbeddingsReplyWriter.Write(vectors, exchange.Request!.WantsBase64 == true, reply.Candidate.Deployment.UpstreamModelJson, PriceUsage.Of(exchange).Usage.TotalInput, writer);
            return;
        }
        ReplyDialects.Of(exchange.Operation.Dialect).WriteReply(reply.Chat!, ContextOf(exchange, reply), writer);
    }

    /// <summary>Writes a JSON body, with the gateway's facts inside where the caller wants them, and returns its length.</summary>
    public static int WriteBody(Exchange exchange, ReadOnlySpan<byte> body, Spend spend)
    {
        var response = exchange.Http.Response;
        // The module has seen to it that a JSON body is one object, so its last brace closes it; a text has no place for it.
        if (!exchange.Request!.WantsMetadataInBody || response.ContentType != "application/json")
        {
            response.ContentLength = body.Length;
            response.BodyWriter.Write(body);
            return body.Length;
        }
        var brace = body.LastIndexOf((byte)'}');
        var metadata = GatewayMetadata.AsProperty(exchange, spend, isFirst: body[..brace].TrimEnd(" \t\r\n"u8) is [(byte)'{']);
        response.ContentLength = body.Length + metadata.Length;
        response.BodyWriter.Write(body[..brace]);
        response.BodyWriter.Write(metadata.Span);
        response.BodyWriter.Write(body[brace..]);
        return body.Length + metadata.Length;
    }
}
