using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>A chat answer in OpenAI's two shapes: <c>chat.completion</c> and a stream of <c>chat.completion.chunk</c>.</summary>
internal sealed class ChatAnswer : IAnswer
{
    private readonly ChatRequest request;
    private readonly Directives directives;
    private readonly string id;
    private readonly long created;
    private readonly ChatChoice[] choices;
    private readonly ChatUsage usage;

    public ChatAnswer(ChatRequest request, Directives directives, string id, long created)
    {
        (this.request, this.directives, this.id, this.created) = (request, directives, id, created);
        var reasoning = ChatUsage.ReasoningOf(request);
        choices = [.. Enumerable.Range(0, request.N).Select(i => ChatChoice.Compose(request, directives, i, reasoning))];
        usage = ChatUsage.Of(request, directives, choices, reasoning);
    }

    public int Chunks => choices.Sum(c => c.Chunks);

    public void WritePlain(IBufferWriter<byte> into)
    {
        using var writer = new Utf8JsonWriter(into, OpenAiJson.Options);
        writer.WriteStartObject();
        WriteHead(writer, "chat.completion");
        writer.WriteStartArray("choices");
        for (var i = 0; i < choices.Length; i++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", i);
            writer.WriteStartObject("message");
            writer.WriteString("role", "assistant");
            writer.WriteString("content", choices[i].Calls.Count > 0 ? null : choices[i].Text);
            if (choices[i].Calls.Count > 0) WriteCalls(writer, i);
            writer.WriteNull("refusal");
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteNull("logprobs");
            writer.WriteString("finish_reason", choices[i].FinishReason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!directives.NoUsage) usage.Write(writer);
        WriteTail(writer);
        writer.WriteEndObject();
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        using var writer = new Utf8JsonWriter(into, OpenAiJson.Options);
        for (var i = 0; i < choices.Length; i++)
        {
            WriteDelta(writer, into, i, null, delta =>
            {
                delta.WriteString("role", "assistant");
                delta.WriteString("content", choices[i].Calls.Count > 0 ? null : "");
                delta.WriteNull("refusal");
            });
            yield return FrameKind.Opening;
        }

        // Choices take turns, as the pieces of several come interleaved from OpenAI.
        for (var piece = 0; piece < choices.Max(c => c.Pieces.Count); piece++)
        {
            for (var i = 0; i < choices.Length; i++)
            {
                if (piece >= choices[i].Pieces.Count) continue;
                WriteDelta(writer, into, i, null, delta => delta.WriteString("content", choices[i].Pieces[piece]));
                yield return FrameKind.Output;
            }
        }

        for (var i = 0; i < choices.Length; i++)
        {
            for (var call = 0; call < choices[i].Calls.Count; call++)
            {
                WriteDelta(writer, into, i, null, delta => WriteCallDelta(delta, i, call, null));
                yield return FrameKind.Opening;
                foreach (var piece in choices[i].Calls[call].ArgumentPieces)
                {
                    WriteDelta(writer, into, i, null, delta => WriteCallDelta(delta, i, call, piece));
                    yield return FrameKind.Output;
                }
            }
        }

        for (var i = 0; i < choices.Length; i++)
        {
            WriteDelta(writer, into, i, choices[i].FinishReason, static _ => { });
            yield return FrameKind.Closing;
        }

        if (request.IncludeUsage && !directives.NoUsage)
        {
            WriteUsageChunk(writer, into);
            yield return FrameKind.Closing;
        }

        into.Write("data: [DONE]\n\n"u8);
        yield return FrameKind.Done;
    }

    private void WriteHead(Utf8JsonWriter writer, string kind)
    {
        writer.WriteString("id", id);
        writer.WriteString("object", kind);
        writer.WriteNumber("created", created);
        writer.WriteString("model", directives.ServedModel ?? request.Model);
    }

    private static void WriteTail(Utf8JsonWriter writer)
    {
        writer.WriteString("service_tier", "default");
        writer.WriteString("system_fingerprint", "fp_simulator");
    }

    private void WriteDelta(Utf8JsonWriter writer, IBufferWriter<byte> into, int choice, string? finishReason, Action<Utf8JsonWriter> writeDelta)
    {
        into.Write("data: "u8);
        writer.Reset();
        writer.WriteStartObject();
        WriteHead(writer, "chat.completion.chunk");
        WriteTail(writer);
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", choice);
        writer.WriteStartObject("delta");
        writeDelta(writer);
        writer.WriteEndObject();
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        // OpenAI: with include_usage every chunk has the member, null but for the last; without it none has.
        if (request.IncludeUsage && !directives.NoUsage) writer.WriteNull("usage");
        writer.WriteEndObject();
        writer.Flush();
        into.Write("\n\n"u8);
    }

    private void WriteUsageChunk(Utf8JsonWriter writer, IBufferWriter<byte> into)
    {
        into.Write("data: "u8);
        writer.Reset();
        writer.WriteStartObject();
        WriteHead(writer, "chat.completion.chunk");
        WriteTail(writer);
        writer.WriteStartArray("choices");
        writer.WriteEndArray();
        usage.Write(writer);
        writer.WriteEndObject();
        writer.Flush();
        into.Write("\n\n"u8);
    }

    private void WriteCalls(Utf8JsonWriter writer, int choice)
    {
        writer.WriteStartArray("tool_calls");
        for (var call = 0; call < choices[choice].Calls.Count; call++)
        {
            writer.WriteStartObject();
            writer.WriteString("id", CallId(choice, call));
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", choices[choice].Calls[call].Name);
            writer.WriteString("arguments", string.Concat(choices[choice].Calls[call].ArgumentPieces));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteCallDelta(Utf8JsonWriter writer, int choice, int call, string? arguments)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", call);
        if (arguments is null)
        {
            writer.WriteString("id", CallId(choice, call));
            writer.WriteString("type", "function");
        }

        writer.WriteStartObject("function");
        if (arguments is null) writer.WriteString("name", choices[choice].Calls[call].Name);
        writer.WriteString("arguments", arguments ?? "");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private string CallId(int choice, int call) => $"call_{id["chatcmpl-".Length..]}{choice}{call}";
}
