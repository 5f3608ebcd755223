using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Azure;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>A chat answer in OpenAI's two shapes: <c>chat.completion</c> and a stream of <c>chat.completion.chunk</c>.</summary>
internal sealed class ChatAnswer : IAnswer
{
    private const double LogProb = -0.25;
    private readonly ChatRequest request;
    private readonly Directives directives;
    private readonly string id;
    private readonly long created;
    private readonly Turn[] choices;
    private readonly TokenCounts usage;

    public ChatAnswer(ChatRequest asked, Directives directives, string id, long created)
    {
        request = directives.ReasoningField is null ? asked : asked with { ShowsThoughts = true };
        (this.directives, this.id, this.created) = (directives.Refusal is { } no ? directives with { Text = no } : directives, id, created);
        var reasoning = TokenCounts.ReasoningOf(request);
        choices = [.. Enumerable.Range(0, request.N).Select(i => Turn.Compose(request, this.directives, i, reasoning))];
        usage = TokenCounts.Of(request, directives, choices, reasoning);
    }

    public int Chunks => choices.Sum(c => c.Chunks);

    private bool Refuses => directives.Refusal is not null;

    public void WritePlain(IBufferWriter<byte> into)
    {
        using var writer = new Utf8JsonWriter(into, WireJson.Options);
        writer.WriteStartObject();
        WriteHead(writer, "chat.completion");
        if (directives.FilterResults) ContentFilter.WritePromptResults(writer);
        writer.WriteStartArray("choices");
        for (var i = 0; i < choices.Length; i++) WriteChoice(writer, i);
        writer.WriteEndArray();
        if (!directives.NoUsage) ChatUsage.Write(writer, usage);
        WriteTail(writer);
        writer.WriteEndObject();
    }

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        into.Write("data: "u8);
        OpenAiJson.WriteError(into, refusal);
        into.Write("\n\n"u8);
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        using var writer = new Utf8JsonWriter(into, WireJson.Options);
        if (directives.FilterResults)
        {
            WriteChunk(writer, into, ContentFilter.WritePromptResults);
            yield return FrameKind.Opening;
        }

        for (var i = 0; i < choices.Length; i++)
        {
            WriteDelta(writer, into, i, null, null, delta =>
            {
                delta.WriteString("role", "assistant");
                delta.WriteString("content", Refuses || (choices[i].Calls.Count > 0 && choices[i].Pieces.Count == 0) ? null : "");
                delta.WriteNull("refusal");
            });
            yield return FrameKind.Opening;
        }

        foreach (var thought in choices[0].Thoughts)
        {
            WriteDelta(writer, into, 0, null, null, delta => delta.WriteString(directives.ReasoningField!, thought));
            yield return FrameKind.Output;
        }

        // Choices take turns, as the pieces of several come interleaved from OpenAI.
        for (var piece = 0; piece < choices.Max(c => c.Pieces.Count); piece++)
        {
            for (var i = 0; i < choices.Length; i++)
            {
                if (piece >= choices[i].Pieces.Count) continue;
                var text = choices[i].Pieces[piece];
                WriteDelta(writer, into, i, null, [text], delta => delta.WriteString(Refuses ? "refusal" : "content", text));
                yield return FrameKind.Output;
            }
        }

        for (var i = 0; i < choices.Length; i++)
        {
            for (var call = 0; call < choices[i].Calls.Count; call++)
            {
                WriteDelta(writer, into, i, null, null, delta => WriteCallDelta(delta, i, call, null));
                yield return FrameKind.Opening;
                foreach (var piece in choices[i].Calls[call].ArgumentPieces)
                {
                    WriteDelta(writer, into, i, null, null, delta => WriteCallDelta(delta, i, call, piece));
                    yield return FrameKind.Output;
                }
            }
        }

        for (var i = 0; i < choices.Length; i++)
        {
            WriteDelta(writer, into, i, FinishOf(i), null, static _ => { });
            yield return FrameKind.Closing;
        }

        if (request.IncludeUsage && !directives.NoUsage)
        {
            WriteChunk(writer, into, chunk => ChatUsage.Write(chunk, usage));
            yield return FrameKind.Closing;
        }

        into.Write("data: [DONE]\n\n"u8);
        yield return FrameKind.Done;
    }

    private string FinishOf(int choice) => directives.FinishReason ?? choices[choice].End switch
    {
        TurnEnd.Length => "length",
        TurnEnd.ToolCalls => "tool_calls",
        _ => "stop",
    };

    private void WriteChoice(Utf8JsonWriter writer, int choice)
    {
        var turn = choices[choice];
        writer.WriteStartObject();
        writer.WriteNumber("index", choice);
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteString("content", Refuses || (turn.Calls.Count > 0 && turn.Pieces.Count == 0) ? null : turn.Text);
        if (directives.ReasoningField is { } field) writer.WriteString(field, turn.Thought);
        if (turn.Calls.Count > 0) WriteCalls(writer, choice);
        writer.WriteString("refusal", directives.Refusal);
        writer.WriteStartArray("annotations");
        writer.WriteEndArray();
        writer.WriteEndObject();
        WriteLogProbs(writer, turn.Pieces);
        writer.WriteString("finish_reason", FinishOf(choice));
        if (directives.FilterResults) ContentFilter.WriteChoiceResults(writer);
        writer.WriteEndObject();
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

    private void WriteLogProbs(Utf8JsonWriter writer, IReadOnlyList<string>? tokens)
    {
        if (!request.LogProbs || tokens is null)
        {
            writer.WriteNull("logprobs");
            return;
        }

        writer.WriteStartObject("logprobs");
        writer.WriteStartArray("content");
        foreach (var token in tokens)
        {
            writer.WriteStartObject();
            writer.WriteString("token", token);
            writer.WriteNumber("logprob", LogProb);
            writer.WriteStartArray("bytes");
            foreach (var value in Encoding.UTF8.GetBytes(token)) writer.WriteNumberValue(value);
            writer.WriteEndArray();
            writer.WriteStartArray("top_logprobs");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNull("refusal");
        writer.WriteEndObject();
    }

    private void WriteDelta(
        Utf8JsonWriter writer, IBufferWriter<byte> into, int choice, string? finishReason, IReadOnlyList<string>? tokens, Action<Utf8JsonWriter> writeDelta)
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
        WriteLogProbs(writer, tokens);
        writer.WriteString("finish_reason", finishReason);
        if (directives.FilterResults && tokens is not null) ContentFilter.WriteChoiceResults(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
        // OpenAI: with include_usage every chunk has the member, null but for the last; without it none has.
        if (request.IncludeUsage && !directives.NoUsage) writer.WriteNull("usage");
        writer.WriteEndObject();
        writer.Flush();
        into.Write("\n\n"u8);
    }

    /// <summary>A chunk without choices.</summary>
    private void WriteChunk(Utf8JsonWriter writer, IBufferWriter<byte> into, Action<Utf8JsonWriter> more)
    {
        into.Write("data: "u8);
        writer.Reset();
        writer.WriteStartObject();
        WriteHead(writer, "chat.completion.chunk");
        WriteTail(writer);
        writer.WriteStartArray("choices");
        writer.WriteEndArray();
        more(writer);
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
            writer.WriteString("arguments", choices[choice].Calls[call].Arguments);
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
