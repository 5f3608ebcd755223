using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.OpenAi;

/// <summary>OpenAI's chat completions (API reference, "Chat", "Error codes": message, type, code, param).</summary>
internal sealed class OpenAiReplyDialect : IReplyDialect
{
    // The body is JSON for programs, not HTML: quotes and umlauts may stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc />
    public ReadOnlySpan<byte> EndEvent => "data: [DONE]\n\n"u8;

    /// <inheritdoc />
    public void WriteError(IBufferWriter<byte> output, Refusal refusal, string requestId) => Write(output, refusal, refusal.Param);

    /// <summary>Writes an error that names another field than the refusal does.</summary>
    internal static void Write(IBufferWriter<byte> output, Refusal refusal, string? param)
    {
        using var writer = new Utf8JsonWriter(output, Readable);
        writer.WriteStartObject();
        WriteProperty(writer, refusal, param);
        writer.WriteEndObject();
    }

    /// <summary>Writes the property <c>error</c> of an object that says more.</summary>
    internal static void WriteProperty(Utf8JsonWriter writer, Refusal refusal, string? param)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteString("type"u8, TypeOf(refusal.Status));
        writer.WriteString("code"u8, refusal.Code);
        if (param is null) writer.WriteNull("param"u8);
        else writer.WriteString("param"u8, param);
        writer.WriteEndObject();
    }

    /// <inheritdoc />
    public void WriteStreamError(IBufferWriter<byte> output, Refusal refusal, string requestId)
    {
        output.Write("data: "u8);
        WriteError(output, refusal, requestId);
        output.Write("\n\n"u8);
    }

    /// <inheritdoc />
    public void WriteReply(ChatReply reply, in ReplyContext context, Utf8JsonWriter writer) => OpenAiReplyWriter.Write(reply, context, writer);

    /// <inheritdoc />
    public IReplyStreamWriter OpenStream(in ReplyContext context, IBufferWriter<byte> output) => new OpenAiStreamWriter(context, output);

    /// <summary>OpenAI's type of an error with this status.</summary>
    internal static string TypeOf(int status) => status switch
    {
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
