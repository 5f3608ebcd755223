using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress;

/// <summary>Writes replies and errors in one caller's dialect. Pure; one instance serves all requests.</summary>
internal interface IReplyDialect
{
    /// <summary>Writes a refusal as the whole body.</summary>
    void WriteError(IBufferWriter<byte> output, Refusal refusal, string requestId);

    /// <summary>Writes a failure after the first byte of a stream: the event or events that tell the caller that this is not all.</summary>
    void WriteStreamError(IBufferWriter<byte> output, Refusal refusal, string requestId);

    /// <summary>The event that ends a stream of this dialect, for providers of the same dialect that close without it; empty = there is none.</summary>
    ReadOnlySpan<byte> EndEvent { get; }

    /// <summary>Writes a whole reply that came in another dialect.</summary>
    void WriteReply(ChatReply reply, in ReplyContext context, Utf8JsonWriter writer);

    /// <summary>A writer for one stream that comes in another dialect.</summary>
    IReplyStreamWriter OpenStream(in ReplyContext context, IBufferWriter<byte> output);
}

/// <summary>Writes one stream: takes events, writes server-sent events.</summary>
internal interface IReplyStreamWriter : IReplySink
{
    /// <summary>Everything that comes before the gateway's own comment: the end of the last part, the finish reason, the usage where the dialect or the caller wants it.</summary>
    void WriteClosing();

    /// <summary>The terminal event (<c>[DONE]</c>, <c>message_stop</c>, <c>response.completed</c>).</summary>
    void WriteTerminal();

    /// <summary>Writes the failure that ends the stream, in a dialect where it repeats what the first events said; false: the dialect has one form for all streams.</summary>
    bool TryWriteFailure(Refusal refusal) => false;
}

/// <summary>What a dialect needs to know beside the reply.</summary>
internal readonly struct ReplyContext
{
    /// <summary>The exchange's id, for replies whose provider gave none or one of another form.</summary>
    public required Guid Id { get; init; }

    /// <summary>The model's name where the provider reports none: the upstream model.</summary>
    public required string Model { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether the caller of a stream wants usage (OpenAI's <c>stream_options.include_usage</c>).</summary>
    public required bool WantsUsage { get; init; }

    /// <summary>The caller's request, for dialects that repeat parts of it (Responses); null where it was not needed.</summary>
    public ChatRequest? Request { get; init; }

    /// <summary>The caller's body, likewise.</summary>
    public ReadOnlyMemory<byte> RequestBody { get; init; }
}
