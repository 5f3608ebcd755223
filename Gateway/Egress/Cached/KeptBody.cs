using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>The body of a reply as it is kept: whole, in the caller's dialect, as the provider gave it.</summary>
internal static class KeptBody
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The body of a reply that ended well; null = it is not to be kept.</summary>
    public static byte[]? Of(Exchange exchange)
    {
        var reply = exchange.Call.Standing!;
        var body = exchange.Operation.Kind == OperationKind.Embeddings ? OfEmbeddings(exchange, reply) : reply.Events is null ? OfWhole(exchange, reply) : OfStream(exchange, reply);
        return body?.Length <= exchange.Cache!.Terms.MaxEntryBytes ? body : null;
    }

    private static byte[]? OfEmbeddings(Exchange exchange, ProviderReply reply)
    {
        if (reply.Body is { } direct) return direct.Span.ToArray();
        using var output = new PooledBufferWriter();
        SendReply.Translate(exchange, reply, output);
        return output.Written.ToArray();
    }

    private static byte[]? OfWhole(Exchange exchange, ProviderReply reply)
    {
        if (reply.Body is null) return reply.Chat is { } chat && IsGood(chat) ? Written(exchange, reply, chat) : null;
        if (reply.Body.Span.Length > exchange.Cache!.Terms.MaxEntryBytes) return null;
        var read = new ReplyBuilder();
        var isRead = reply.Direct?.Answers is { } answers ? answers.TryRead(reply.Body.Span, read) : reply.Module.Chat is { } translator && translator.TryReadReply(reply.Body.Span, read);
        return isRead && IsGood(read.Finish()) ? reply.Body.Span.ToArray() : null;
    }

    private static byte[]? OfStream(Exchange exchange, ProviderReply reply)
    {
        if (exchange.Cache!.Recorder is not ReplyRecorder recorder) return null;
        var recorded = recorder.Finish();
        if (recorded.Body is { } body)
        {
            var read = new ReplyBuilder();
            return reply.Direct?.Answers is { } answers && answers.TryRead(body, read) && IsGood(read.Finish()) ? body : null;
        }
        return recorded.Chat is { } chat && IsGood(chat) ? Written(exchange, reply, chat) : null;
    }

    private static byte[] Written(Exchange exchange, ProviderReply reply, ChatReply chat)
    {
        using var output = new PooledBufferWriter();
        using (var writer = new Utf8JsonWriter(output, Plain)) ReplyDialects.Of(exchange.Operation.Dialect).WriteReply(chat, SendReply.ContextOf(exchange, reply), writer);
        return output.Written.ToArray();
    }

    // Every answer says something and came to its own end.
    private static bool IsGood(ChatReply reply) => reply.Choices.Count > 0 && reply.Choices.TrueForAll(static choice =>
        choice.FinishReason is FinishReason.Stop or FinishReason.StopSequence or FinishReason.ToolCalls
        && choice.Parts.Exists(static part => part.Kind is PartKind.ToolCall || part.Kind is PartKind.Text && !part.Text.IsEmpty) && !choice.Parts.Exists(static part => part.Kind == PartKind.Refusal));
}
