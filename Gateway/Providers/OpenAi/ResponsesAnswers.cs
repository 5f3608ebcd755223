using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// Reads response objects (OpenAI API reference, "The response object") into one neutral answer: words, refusals, and whatever else the caller has to act on, as tool calls. What hosted
/// tools did on the way, and thoughts, are no part of it.
/// </summary>
internal sealed class ResponsesAnswers : IDirectAnswers
{
    private const int MaxDepth = 256;

    /// <inheritdoc />
    public bool TryRead(ReadOnlySpan<byte> body, IReplySink sink)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement, sink);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Reads the answer in a stream's last event, which holds the whole response.</summary>
    public static bool TryReadLast(ReadOnlySpan<byte> eventData, IReplySink sink)
    {
        try
        {
            var reader = new Utf8JsonReader(eventData, new JsonReaderOptions { MaxDepth = MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.TryGetProperty("response"u8, out var response) && Read(response, sink);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public IChatStreamReader OpenStream(ReplyFacts facts) => new Stream(facts);

    private static bool Read(JsonElement response, IReplySink sink)
    {
        // In the background it is only queued; a failed one is no answer.
        if (!response.TryGetProperty("status"u8, out var status) || !(status.ValueEquals("completed"u8) || status.ValueEquals("incomplete"u8))) return false;
        if (!response.TryGetProperty("output"u8, out var output)) return false;
        var part = 0;
        foreach (var item in output.EnumerateArray())
        {
            var type = item.GetProperty("type"u8);
            if (type.ValueEquals("message"u8)) ReadMessage(item, sink, ref part);
            else if (!IsOnTheWay(type)) Add(sink, PartKind.ToolCall, ref part, default, default, item.TryGetProperty("name"u8, out var name) ? TextOf(name) : default);
        }
        sink.Take(new() { Kind = ReplyEventKind.Finish, FinishReason = EndOf(response, status) });
        return true;
    }

    private static void ReadMessage(JsonElement item, IReplySink sink, ref int part)
    {
        foreach (var content in item.GetProperty("content"u8).EnumerateArray())
        {
            var type = content.GetProperty("type"u8);
            if (type.ValueEquals("output_text"u8))
                Add(sink, PartKind.Text, ref part, TextOf(content.GetProperty("text"u8)), content.TryGetProperty("logprobs"u8, out var logprobs) ? ElementsOf(logprobs) : default, default);
            else if (type.ValueEquals("refusal"u8)) Add(sink, PartKind.Refusal, ref part, TextOf(content.GetProperty("refusal"u8)), default, default);
        }
    }

    private static void Add(IReplySink sink, PartKind kind, ref int part, ReadOnlySpan<byte> text, ReadOnlySpan<byte> logprobs, ReadOnlySpan<byte> name)
    {
        sink.Take(new() { Kind = ReplyEventKind.PartStart, Part = part, PartKind = kind, Name = name });
        if (!text.IsEmpty || !logprobs.IsEmpty) sink.Take(new() { Kind = ReplyEventKind.Delta, Part = part, PartKind = kind, Text = text, Logprobs = logprobs });
        sink.Take(new() { Kind = ReplyEventKind.PartStop, Part = part, PartKind = kind });
        part++;
    }

    // What the provider did by itself, and thoughts: nobody waits for the caller.
    private static bool IsOnTheWay(JsonElement type) =>
        type.ValueEquals("reasoning"u8) || type.ValueEquals("web_search_call"u8) || type.ValueEquals("file_search_call"u8) || type.ValueEquals("code_interpreter_call"u8)
        || type.ValueEquals("mcp_call"u8) || type.ValueEquals("mcp_list_tools"u8) || type.ValueEquals("compaction"u8);

    private static FinishReason EndOf(JsonElement response, JsonElement status)
    {
        if (status.ValueEquals("completed"u8)) return FinishReason.Stop;
        if (!response.TryGetProperty("incomplete_details"u8, out var details) || details.ValueKind != JsonValueKind.Object || !details.TryGetProperty("reason"u8, out var reason)) return FinishReason.Other;
        return reason.ValueEquals("max_output_tokens"u8) ? FinishReason.Length : reason.ValueEquals("content_filter"u8) ? FinishReason.ContentFilter : FinishReason.Other;
    }

    // Between the quotes, still escaped, as neutral texts are.
    private static ReadOnlySpan<byte> TextOf(JsonElement text) => text.ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(text)[1..^1] : default;

    private static ReadOnlySpan<byte> ElementsOf(JsonElement list) => list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? JsonMarshal.GetRawUtf8Value(list)[1..^1].Trim(" \t\r\n"u8) : default;

    private sealed class Stream(ReplyFacts facts) : IChatStreamReader
    {
        private bool hasAnswer;

        public ProviderFailure? Failure { get; private set; }

        public StreamStep Read(ReadOnlySpan<byte> eventData, IReplySink sink)
        {
            switch (ResponsesStreamReader.Read(eventData, facts).Action)
            {
                case StreamAction.Done:
                    hasAnswer = TryReadLast(eventData, sink);
                    // It ended, whatever it holds: who cannot read it does not look at it.
                    return StreamStep.Done;
                case StreamAction.Fail:
                    if (ResponsesStreamReader.IsFailure(eventData)) Failure = OpenAiFailureReader.InStream(eventData);
                    return StreamStep.Failed;
                default:
                    return StreamStep.More;
            }
        }

        public StreamStep End(IReplySink sink) => hasAnswer ? StreamStep.Done : StreamStep.Failed;
    }
}
