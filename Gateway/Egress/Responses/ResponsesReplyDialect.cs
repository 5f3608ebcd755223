using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Egress.OpenAi;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>OpenAI's Responses (API reference, "Responses", "Streaming events"). Errors before a reply have the same shape as everywhere at OpenAI.</summary>
internal sealed class ResponsesReplyDialect(OpenAiReplyDialect errors) : IReplyDialect
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc />
    public ReadOnlySpan<byte> EndEvent => default;

    /// <inheritdoc />
    public void WriteError(IBufferWriter<byte> output, Refusal refusal, string requestId) => errors.WriteError(output, refusal, requestId);

    /// <summary>
    /// A stream that fails: first <c>response.failed</c>, for readers of events, then <c>error</c>, at which OpenAI's SDKs throw. How many events went before
    /// is not known here, so they are numbered from a million on: rising, as promised.
    /// </summary>
    public void WriteStreamError(IBufferWriter<byte> output, Refusal refusal, string requestId)
    {
        const long BehindEverything = 1_000_000;
        WriteFailed(output, refusal, "resp_" + requestId.Replace("-", "", StringComparison.Ordinal), BehindEverything);
        WriteErrorEvent(output, refusal, BehindEverything + 1);
    }

    /// <inheritdoc />
    public void WriteReply(ChatReply reply, in ReplyContext context, Utf8JsonWriter writer) =>
        new ResponseObjectWriter(context).Write(writer, reply, ResponseObjectWriter.StatusOf(reply));

    /// <inheritdoc />
    public IReplyStreamWriter OpenStream(in ReplyContext context, IBufferWriter<byte> output) => new ResponsesStreamWriter(context, output);

    private static void WriteFailed(IBufferWriter<byte> output, Refusal refusal, string id, long number)
    {
        output.Write("event: response.failed\ndata: "u8);
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "response.failed"u8);
            writer.WriteNumber("sequence_number"u8, number);
            writer.WriteStartObject("response"u8);
            writer.WriteString("id"u8, id);
            writer.WriteString("object"u8, "response"u8);
            writer.WriteString("status"u8, "failed"u8);
            writer.WriteStartObject("error"u8);
            writer.WriteString("code"u8, refusal.Code);
            writer.WriteString("message"u8, refusal.Message);
            writer.WriteEndObject();
            writer.WriteStartArray("output"u8);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        output.Write("\n\n"u8);
    }

    private static void WriteErrorEvent(IBufferWriter<byte> output, Refusal refusal, long number)
    {
        output.Write("event: error\ndata: "u8);
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "error"u8);
            writer.WriteNumber("sequence_number"u8, number);
            writer.WriteString("code"u8, refusal.Code);
            writer.WriteString("message"u8, refusal.Message);
            if (refusal.Param is null) writer.WriteNull("param"u8);
            else writer.WriteString("param"u8, refusal.Param);
            writer.WriteEndObject();
        }
        output.Write("\n\n"u8);
    }
}
