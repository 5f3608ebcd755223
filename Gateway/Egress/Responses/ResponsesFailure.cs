using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>The end of a stream that fails: first <c>response.failed</c>, for readers of events, then <c>error</c>, at which OpenAI's SDKs throw.</summary>
internal static class ResponsesFailure
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes both events.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="refusal">What went wrong.</param>
    /// <param name="id">The response's id.</param>
    /// <param name="number">The first event's number.</param>
    public static void Write(IBufferWriter<byte> output, Refusal refusal, string id, long number)
    {
        WriteFailed(output, refusal, id, number);
        WriteErrorEvent(output, refusal, number + 1);
    }

    /// <summary>The field at fault in this dialect's words: what others call messages is the input here, and its items are counted otherwise.</summary>
    public static string? ParamOf(Refusal refusal) =>
        refusal.Param is { } param && (param == "messages" || param.StartsWith("messages[", StringComparison.Ordinal) || param.StartsWith("messages.", StringComparison.Ordinal))
            ? "input" : refusal.Param;

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
            if (ParamOf(refusal) is not { } param) writer.WriteNull("param"u8);
            else writer.WriteString("param"u8, param);
            writer.WriteEndObject();
        }
        output.Write("\n\n"u8);
    }
}
