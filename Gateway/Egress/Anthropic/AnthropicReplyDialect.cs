using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>Writes for callers of Anthropic's Messages API ("Messages", "Streaming Messages", "Errors").</summary>
internal sealed class AnthropicReplyDialect : IReplyDialect
{
    // The body is JSON for programs, not HTML: quotes and umlauts may stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc />
    public ReadOnlySpan<byte> EndEvent => AnthropicReplyStream.StopEvent;

    /// <inheritdoc />
    public void WriteError(IBufferWriter<byte> output, Refusal refusal, string requestId)
    {
        using var writer = new Utf8JsonWriter(output, Readable);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, TypeOf(refusal.Status));
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteEndObject();
        writer.WriteString("request_id"u8, requestId);
        writer.WriteEndObject();
    }

    /// <inheritdoc />
    public void WriteStreamError(IBufferWriter<byte> output, Refusal refusal, string requestId)
    {
        output.Write("event: error\ndata: "u8);
        WriteError(output, refusal, requestId);
        output.Write("\n\n"u8);
    }

    /// <inheritdoc />
    public void WriteReply(ChatReply reply, in ReplyContext context, Utf8JsonWriter writer) => AnthropicReplyWriter.Write(reply, context, writer);

    /// <inheritdoc />
    public IReplyStreamWriter OpenStream(in ReplyContext context, IBufferWriter<byte> output) => new AnthropicReplyStream(context, output);

    /// <summary>The API's word for a status; its clients decide by both whether to try again.</summary>
    private static ReadOnlySpan<byte> TypeOf(int status) => status switch
    {
        401 => "authentication_error"u8,
        402 => "billing_error"u8,
        403 => "permission_error"u8,
        404 => "not_found_error"u8,
        413 => "request_too_large"u8,
        429 => "rate_limit_error"u8,
        503 or 529 => "overloaded_error"u8,
        504 => "timeout_error"u8,
        >= 500 => "api_error"u8,
        _ => "invalid_request_error"u8,
    };
}
