using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Egress.Responses;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;

namespace AspireGateway.Gateway.Egress.Cached;

/// <summary>Writes a whole reply as the stream that its caller asked for: words come in pieces of a few, without delay.</summary>
internal static class StreamReplay
{
    private static readonly IChatTranslator OpenAi = ProviderModules.Find("openai")!.Chat!, Anthropic = ProviderModules.Find("anthropic")!.Chat!;

    /// <summary>Writes all events, the gateway's comment before the last one.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="reply">Whence the body is.</param>
    /// <param name="body">The reply in the caller's dialect.</param>
    /// <param name="spend">What the comment says.</param>
    /// <param name="output">Takes the events.</param>
    /// <exception cref="InvalidOperationException">The body is no reply of the dialect: nothing else is kept.</exception>
    public static void Write(Exchange exchange, CachedReply reply, ReadOnlyMemory<byte> body, Spend spend, PooledBufferWriter output)
    {
        var dialect = exchange.Operation.Dialect;
        using var compact = new PooledBufferWriter(Math.Max(1, body.Length));
        CompactJson.Write(body.Span, compact);
        if (dialect == Dialect.OpenAiResponses)
        {
            using var replay = new ResponsesReplay(output);
            replay.WriteParts(compact.Written);
            GatewayMetadata.WriteClosingComment(output, exchange, spend);
            replay.WriteCompleted(compact.Written);
            return;
        }
        var writer = ReplyDialects.Of(dialect).OpenStream(ContextOf(exchange, reply), output);
        if (!(dialect == Dialect.Anthropic ? Anthropic : OpenAi).TryReadReply(compact.Written.Span, new WordPieces(writer))) throw new InvalidOperationException("A kept reply cannot be read.");
        writer.WriteClosing();
        GatewayMetadata.WriteClosingComment(output, exchange, spend);
        writer.WriteTerminal();
    }

    private static ReplyContext ContextOf(Exchange exchange, CachedReply reply) => new()
    {
        Id = exchange.Id, Model = reply.ServedModel ?? exchange.Plan!.Model.Name, CreatedAt = exchange.ArrivedAt, WantsUsage = exchange.Request!.CallerWantsUsage, Request = exchange.Request.Chat,
        RequestBody = exchange.Request.Body,
    };
}
