using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Egress.Cached;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>
/// Writes a whole response as the stream of it (OpenAI API reference, "Streaming events"): everything that it holds goes out as it stands, texts and arguments also in
/// pieces before. Items that have no events of their own are added and done.
/// </summary>
/// <remarks>Bodies must be compact (<see cref="CompactJson"/>): an event's data are one line.</remarks>
/// <param name="output">Takes the events.</param>
internal sealed class ResponsesReplay(IBufferWriter<byte> output) : IDisposable
{
    private const int MaxDepth = 256;

    private readonly ResponsesEventWriter events = new(output);

    private Utf8JsonWriter Json => events.Json;

    /// <summary>Writes everything but the last event.</summary>
    /// <param name="body">The response object.</param>
    public void WriteParts(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        var response = document.RootElement;
        WriteBegun("response.created"u8, response);
        WriteBegun("response.in_progress"u8, response);
        var index = 0;
        foreach (var item in response.GetProperty("output"u8).EnumerateArray()) WriteItem(item, index++);
    }

    /// <summary>Writes the last event, which holds the whole response.</summary>
    /// <param name="body">The response object.</param>
    public void WriteCompleted(ReadOnlyMemory<byte> body)
    {
        events.Begin("response.completed"u8);
        Json.WritePropertyName("response"u8);
        Json.WriteRawValue(body.Span, skipInputValidation: true);
        events.End();
    }

    /// <inheritdoc />
    public void Dispose() => events.Dispose();

    private void WriteBegun(ReadOnlySpan<byte> type, JsonElement response)
    {
        events.Begin(type);
        Json.WriteStartObject("response"u8);
        foreach (var field in response.EnumerateObject())
        {
            if (field.NameEquals("status"u8)) Json.WriteString("status"u8, "in_progress"u8);
            else if (field.NameEquals("usage"u8)) Json.WriteNull("usage"u8);
            else if (field.NameEquals("output"u8)) WriteNoneOf("output"u8);
            else WriteAsItIs(field);
        }
        Json.WriteEndObject();
        events.End();
    }

    private void WriteItem(JsonElement item, int index)
    {
        var id = item.TryGetProperty("id"u8, out var named) ? named.GetString() ?? "" : "";
        events.Begin("response.output_item.added"u8);
        Json.WriteNumber("output_index"u8, index);
        Json.WriteStartObject("item"u8);
        foreach (var field in item.EnumerateObject())
        {
            if (field.NameEquals("status"u8)) Json.WriteString("status"u8, "in_progress"u8);
            else if (field.NameEquals("content"u8) && field.Value.ValueKind == JsonValueKind.Array) WriteNoneOf("content"u8);
            else if (field.NameEquals("summary"u8) && field.Value.ValueKind == JsonValueKind.Array) WriteNoneOf("summary"u8);
            else if (field.NameEquals("arguments"u8)) Json.WriteString("arguments"u8, ""u8);
            else WriteAsItIs(field);
        }
        Json.WriteEndObject();
        events.End();

        var type = item.GetProperty("type"u8);
        if (type.ValueEquals("message"u8)) WriteContents(item, id, index);
        else if (type.ValueEquals("function_call"u8)) WriteArguments(item, id, index);
        else if (type.ValueEquals("reasoning"u8)) WriteSummaries(item, id, index);

        events.Begin("response.output_item.done"u8);
        Json.WriteNumber("output_index"u8, index);
        Json.WritePropertyName("item"u8);
        WriteRaw(item);
        events.End();
    }

    private void WriteContents(JsonElement item, string id, int index)
    {
        var content = 0;
        foreach (var part in item.GetProperty("content"u8).EnumerateArray())
        {
            var isText = part.GetProperty("type"u8).ValueEquals("output_text"u8);
            WritePart("response.content_part.added"u8, id, index, "content_index"u8, content, part, isEmpty: true);
            if (part.TryGetProperty(isText ? "text"u8 : "refusal"u8, out var text))
            {
                WriteDeltas(isText ? "response.output_text.delta"u8 : "response.refusal.delta"u8, id, index, "content_index"u8, content, text, hasLogprobs: isText);
                BeginAt(isText ? "response.output_text.done"u8 : "response.refusal.done"u8, id, index, "content_index"u8, content);
                Json.WritePropertyName(isText ? "text"u8 : "refusal"u8);
                WriteRaw(text);
                if (isText) WriteLogprobs(part);
                events.End();
            }
            WritePart("response.content_part.done"u8, id, index, "content_index"u8, content++, part, isEmpty: false);
        }
    }

    private void WriteSummaries(JsonElement item, string id, int index)
    {
        if (!item.TryGetProperty("summary"u8, out var summaries) || summaries.ValueKind != JsonValueKind.Array) return;
        var summary = 0;
        foreach (var part in summaries.EnumerateArray())
        {
            WritePart("response.reasoning_summary_part.added"u8, id, index, "summary_index"u8, summary, part, isEmpty: true);
            if (part.TryGetProperty("text"u8, out var text))
            {
                WriteDeltas("response.reasoning_summary_text.delta"u8, id, index, "summary_index"u8, summary, text, hasLogprobs: false);
                BeginAt("response.reasoning_summary_text.done"u8, id, index, "summary_index"u8, summary);
                Json.WritePropertyName("text"u8);
                WriteRaw(text);
                events.End();
            }
            WritePart("response.reasoning_summary_part.done"u8, id, index, "summary_index"u8, summary++, part, isEmpty: false);
        }
    }

    private void WriteArguments(JsonElement item, string id, int index)
    {
        if (!item.TryGetProperty("arguments"u8, out var arguments)) return;
        WriteDeltas("response.function_call_arguments.delta"u8, id, index, default, 0, arguments, hasLogprobs: false);
        BeginAt("response.function_call_arguments.done"u8, id, index, default, 0);
        if (item.TryGetProperty("name"u8, out var name))
        {
            Json.WritePropertyName("name"u8);
            WriteRaw(name);
        }
        Json.WritePropertyName("arguments"u8);
        WriteRaw(arguments);
        events.End();
    }

    private void WriteDeltas(ReadOnlySpan<byte> type, string id, int index, ReadOnlySpan<byte> placeName, int place, JsonElement text, bool hasLogprobs)
    {
        if (text.ValueKind != JsonValueKind.String) return;
        for (var rest = JsonMarshal.GetRawUtf8Value(text)[1..^1]; !rest.IsEmpty;)
        {
            var length = PieceLength.Of(rest);
            BeginAt(type, id, index, placeName, place);
            Json.WritePropertyName("delta"u8);
            Json.WriteRawValue([(byte)'"', .. rest[..length], (byte)'"'], skipInputValidation: true);
            if (hasLogprobs) WriteNoneOf("logprobs"u8);
            events.End();
            rest = rest[length..];
        }
    }

    private void WritePart(ReadOnlySpan<byte> type, string id, int index, ReadOnlySpan<byte> placeName, int place, JsonElement part, bool isEmpty)
    {
        BeginAt(type, id, index, placeName, place);
        Json.WritePropertyName("part"u8);
        if (!isEmpty) WriteRaw(part);
        else
        {
            Json.WriteStartObject();
            foreach (var field in part.EnumerateObject())
            {
                if (field.NameEquals("text"u8)) Json.WriteString("text"u8, ""u8);
                else if (field.NameEquals("refusal"u8)) Json.WriteString("refusal"u8, ""u8);
                else if (field.Value.ValueKind == JsonValueKind.Array)
                {
                    Json.WriteStartArray(field.Name);
                    Json.WriteEndArray();
                }
                else WriteAsItIs(field);
            }
            Json.WriteEndObject();
        }
        events.End();
    }

    private void WriteLogprobs(JsonElement part)
    {
        if (part.TryGetProperty("logprobs"u8, out var logprobs))
        {
            Json.WritePropertyName("logprobs"u8);
            WriteRaw(logprobs);
        }
        else WriteNoneOf("logprobs"u8);
    }

    private void BeginAt(ReadOnlySpan<byte> type, string id, int index, ReadOnlySpan<byte> placeName, int place)
    {
        events.Begin(type);
        Json.WriteString("item_id"u8, id);
        Json.WriteNumber("output_index"u8, index);
        if (!placeName.IsEmpty) Json.WriteNumber(placeName, place);
    }

    private void WriteNoneOf(ReadOnlySpan<byte> name)
    {
        Json.WriteStartArray(name);
        Json.WriteEndArray();
    }

    private void WriteAsItIs(JsonProperty field)
    {
        Json.WritePropertyName(field.Name);
        WriteRaw(field.Value);
    }

    private void WriteRaw(JsonElement value) => Json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
