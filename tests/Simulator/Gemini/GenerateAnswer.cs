using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Gemini;

/// <summary>An answer of generateContent, whole or as a stream of partial answers of the same shape. The stream has no mark of its end.</summary>
internal sealed class GenerateAnswer : IAnswer
{
    private readonly GenerateRequest request;
    private readonly Directives directives;
    private readonly string id;
    private readonly Turn[] turns;
    private readonly TokenCounts usage;

    public GenerateAnswer(GenerateRequest request, Directives directives, string id)
    {
        (this.request, this.directives, this.id) = (request, directives, id);
        var reasoning = TokenCounts.ReasoningOf(request);
        turns = [.. Enumerable.Range(0, request.Candidates).Select(i => Turn.Compose(request, directives, i, reasoning))];
        usage = TokenCounts.Of(request, directives, turns, reasoning);
    }

    public int Chunks => turns.Sum(t => t.Thoughts.Count + t.Pieces.Count + t.Calls.Count);

    public void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        if (directives.BlockReason is null)
        {
            writer.WriteStartArray("candidates");
            for (var i = 0; i < turns.Length; i++)
            {
                var turn = turns[i];
                WriteCandidate(writer, i, parts =>
                {
                    if (turn.Thoughts.Count > 0) WriteText(parts, turn.Thought, isThought: true, signature: null);
                    if (turn.Pieces.Count > 0) WriteText(parts, turn.Text, isThought: false, turn.Calls.Count == 0 ? SignatureOf(turn) : null);
                    for (var call = 0; call < turn.Calls.Count; call++) WriteCall(parts, turn, call);
                }, FinishOf(turn));
            }

            writer.WriteEndArray();
        }
        else WriteBlock(writer);

        WriteTail(writer, isLast: true);
    });

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        into.Write("data: "u8);
        GeminiErrors.Write(into, refusal);
        into.Write("\n\n"u8);
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        if (directives.BlockReason is not null)
        {
            WireJson.WriteEvent(into, null, writer =>
            {
                WriteBlock(writer);
                WriteTail(writer, isLast: true);
            });
            yield return FrameKind.Closing;
            yield break;
        }

        for (var i = 0; i < turns.Length; i++)
        {
            var turn = turns[i];
            foreach (var piece in turn.Thoughts)
            {
                Part(into, i, parts => WriteText(parts, piece, isThought: true, signature: null));
                yield return FrameKind.Output;
            }

            foreach (var piece in turn.Pieces)
            {
                Part(into, i, parts => WriteText(parts, piece, isThought: false, signature: null));
                yield return FrameKind.Output;
            }

            // A call comes whole, its arguments as JSON and not as text.
            for (var call = 0; call < turn.Calls.Count; call++)
            {
                var number = call;
                Part(into, i, parts => WriteCall(parts, turn, number));
                yield return FrameKind.Output;
            }

            WireJson.WriteEvent(into, null, writer =>
            {
                writer.WriteStartArray("candidates");
                WriteCandidate(writer, i, parts => WriteText(parts, "", isThought: false, turn.Calls.Count == 0 ? SignatureOf(turn) : null), FinishOf(turn));
                writer.WriteEndArray();
                WriteTail(writer, isLast: i == turns.Length - 1);
            });
            yield return FrameKind.Closing;
        }
    }

    /// <summary>Google's count by kind of input.</summary>
    public static void WriteDetails(Utf8JsonWriter writer, int tokens)
    {
        writer.WriteStartArray("promptTokensDetails");
        writer.WriteStartObject();
        writer.WriteString("modality", "TEXT");
        writer.WriteNumber("tokenCount", tokens);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static string? SignatureOf(Turn turn) => turn.Thoughts.Count > 0 ? SimText.Signature(turn.Thought) : null;

    private string FinishOf(Turn turn) => directives.FinishReason ?? (turn.End == TurnEnd.Length ? "MAX_TOKENS" : "STOP");

    private void Part(IBufferWriter<byte> into, int index, Action<Utf8JsonWriter> writePart) => WireJson.WriteEvent(into, null, writer =>
    {
        writer.WriteStartArray("candidates");
        WriteCandidate(writer, index, writePart, finishReason: null);
        writer.WriteEndArray();
        WriteTail(writer, isLast: false);
    });

    private static void WriteCandidate(Utf8JsonWriter writer, int index, Action<Utf8JsonWriter> writeParts, string? finishReason)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("content");
        writer.WriteStartArray("parts");
        writeParts(writer);
        writer.WriteEndArray();
        writer.WriteString("role", "model");
        writer.WriteEndObject();
        writer.WriteOptional("finishReason", finishReason);
        writer.WriteNumber("index", index);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string text, bool isThought, string? signature)
    {
        writer.WriteStartObject();
        writer.WriteString("text", text);
        if (isThought) writer.WriteBoolean("thought", true);
        writer.WriteOptional("thoughtSignature", signature);
        writer.WriteEndObject();
    }

    private void WriteCall(Utf8JsonWriter writer, Turn turn, int call)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall");
        if (!request.IsVertex) writer.WriteString("id", $"fc_{id}{call}");
        writer.WriteString("name", turn.Calls[call].Name);
        writer.WritePropertyName("args");
        writer.WriteRawValue(turn.Calls[call].Arguments);
        writer.WriteEndObject();
        // Only the first of parallel calls carries the signature.
        if (call == 0) writer.WriteOptional("thoughtSignature", SignatureOf(turn));
        writer.WriteEndObject();
    }

    private void WriteBlock(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("promptFeedback");
        writer.WriteString("blockReason", directives.BlockReason);
        writer.WriteStartArray("safetyRatings");
        writer.WriteStartObject();
        writer.WriteString("category", "HARM_CATEGORY_DANGEROUS_CONTENT");
        writer.WriteString("probability", "HIGH");
        writer.WriteBoolean("blocked", true);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteTail(Utf8JsonWriter writer, bool isLast)
    {
        if (!directives.NoUsage) WriteUsage(writer, isLast && directives.BlockReason is null);
        writer.WriteString("modelVersion", directives.ServedModel ?? request.Model);
        writer.WriteString("responseId", id);
    }

    /// <summary>Google: thoughts are counted apart from the candidates; the cached part is within the prompt.</summary>
    private void WriteUsage(Utf8JsonWriter writer, bool isLast)
    {
        writer.WriteStartObject("usageMetadata");
        writer.WriteNumber("promptTokenCount", usage.Prompt);
        if (usage.CacheRead > 0) writer.WriteNumber("cachedContentTokenCount", usage.CacheRead);
        if (isLast)
        {
            writer.WriteNumber("candidatesTokenCount", usage.Spoken);
            if (usage.Reasoning > 0) writer.WriteNumber("thoughtsTokenCount", usage.Reasoning);
        }

        writer.WriteNumber("totalTokenCount", isLast ? (long)usage.Prompt + usage.Spoken + usage.Reasoning : usage.Prompt);
        WriteDetails(writer, usage.Prompt);
        if (request.IsVertex) writer.WriteString("trafficType", "ON_DEMAND");
        writer.WriteEndObject();
    }
}
