using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>An answer of Converse: one JSON object, or binary frames of ConverseStream.</summary>
internal sealed class ConverseAnswer : IAnswer
{
    private const string Padding = "abcdefghijklmnopqrstuvwxyz";
    private const int LatencyMs = 42;
    private readonly Directives directives;
    private readonly string id;
    private readonly Turn turn;
    private readonly TokenCounts usage;
    private readonly ArrayBufferWriter<byte> payload = new(256);

    public ConverseAnswer(ConverseRequest request, Directives directives, string id)
    {
        (this.directives, this.id) = (directives, id);
        var reasoning = TokenCounts.ReasoningOf(request);
        turn = Turn.Compose(request, directives, 0, reasoning);
        usage = TokenCounts.Of(request, directives, [turn], reasoning);
    }

    public int Chunks => turn.Chunks;

    private string StopReason => directives.FinishReason ?? turn.End switch
    {
        TurnEnd.Length => "max_tokens",
        TurnEnd.ToolCalls => "tool_use",
        TurnEnd.StopSequence => "stop_sequence",
        _ => "end_turn",
    };

    public void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        WriteMetrics(writer);
        writer.WriteStartObject("output");
        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteStartArray("content");
        if (turn.Thoughts.Count > 0) WriteThought(writer);
        if (turn.Pieces.Count > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("text", turn.Text);
            writer.WriteEndObject();
        }

        for (var call = 0; call < turn.Calls.Count; call++)
        {
            writer.WriteStartObject();
            WriteToolUse(writer, call, turn.Calls[call].Arguments);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("stopReason", StopReason);
        if (!directives.NoUsage) WriteUsage(writer);
    });

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        // In a stream the names of the exceptions begin with a small letter.
        var name = BedrockProtocol.ExceptionOf(refusal);
        payload.ResetWrittenCount();
        WireJson.WriteObject(payload, writer =>
        {
            writer.WriteString("message", refusal.Message);
            if (name.StartsWith("modelStream", StringComparison.OrdinalIgnoreCase))
            {
                writer.WriteString("originalMessage", refusal.Message);
                writer.WriteNumber("originalStatusCode", refusal.Status);
            }
        });
        EventStreamFrame.WriteException(into, char.ToLowerInvariant(name[0]) + name[1..], payload.WrittenSpan);
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        Event(into, "messageStart", static writer => writer.WriteString("role", "assistant"));
        yield return FrameKind.Opening;
        var index = 0;
        if (turn.Thoughts.Count > 0)
        {
            // Text and thoughts have no contentBlockStart; only tools do.
            foreach (var piece in turn.Thoughts)
            {
                Delta(into, index, delta => WriteReasoningDelta(delta, "text", piece));
                yield return FrameKind.Output;
            }

            Delta(into, index, delta => WriteReasoningDelta(delta, "signature", SimText.Signature(turn.Thought)));
            yield return FrameKind.Closing;
            Stop(into, index++);
            yield return FrameKind.Closing;
        }

        if (turn.Pieces.Count > 0)
        {
            foreach (var piece in turn.Pieces)
            {
                Delta(into, index, delta => delta.WriteString("text", piece));
                yield return FrameKind.Output;
            }

            Stop(into, index++);
            yield return FrameKind.Closing;
        }

        for (var i = 0; i < turn.Calls.Count; i++, index++)
        {
            var (call, block) = (i, index);
            Event(into, "contentBlockStart", writer =>
            {
                writer.WriteNumber("contentBlockIndex", block);
                writer.WriteStartObject("start");
                WriteToolUse(writer, call, input: null);
                writer.WriteEndObject();
            });
            yield return FrameKind.Opening;
            foreach (var piece in turn.Calls[i].ArgumentPieces)
            {
                Delta(into, block, delta =>
                {
                    delta.WriteStartObject("toolUse");
                    delta.WriteString("input", piece);
                    delta.WriteEndObject();
                });
                yield return FrameKind.Output;
            }

            Stop(into, block);
            yield return FrameKind.Closing;
        }

        Event(into, "messageStop", writer => writer.WriteString("stopReason", StopReason));
        yield return FrameKind.Closing;
        Event(into, "metadata", writer =>
        {
            if (!directives.NoUsage) WriteUsage(writer);
            WriteMetrics(writer);
        });
        yield return FrameKind.Done;
    }

    private void Delta(IBufferWriter<byte> into, int index, Action<Utf8JsonWriter> writeDelta) => Event(into, "contentBlockDelta", writer =>
    {
        writer.WriteNumber("contentBlockIndex", index);
        writer.WriteStartObject("delta");
        writeDelta(writer);
        writer.WriteEndObject();
    });

    private void Stop(IBufferWriter<byte> into, int index) => Event(into, "contentBlockStop", writer => writer.WriteNumber("contentBlockIndex", index));

    private void Event(IBufferWriter<byte> into, string type, Action<Utf8JsonWriter> members)
    {
        payload.ResetWrittenCount();
        WireJson.WriteObject(payload, writer =>
        {
            members(writer);
            // Bedrock pads its payloads so that their length says nothing about the text.
            writer.WriteString("p", Padding.AsSpan(0, 1 + writer.BytesPending % Padding.Length));
        });
        EventStreamFrame.WriteEvent(into, type, payload.WrittenSpan);
    }

    private static void WriteReasoningDelta(Utf8JsonWriter writer, string member, string value)
    {
        writer.WriteStartObject("reasoningContent");
        writer.WriteString(member, value);
        writer.WriteEndObject();
    }

    private void WriteThought(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reasoningContent");
        writer.WriteStartObject("reasoningText");
        writer.WriteString("text", turn.Thought);
        writer.WriteString("signature", SimText.Signature(turn.Thought));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteToolUse(Utf8JsonWriter writer, int call, string? input)
    {
        writer.WriteStartObject("toolUse");
        writer.WriteString("toolUseId", $"tooluse_{id}{call}");
        writer.WriteString("name", turn.Calls[call].Name);
        if (input is not null)
        {
            writer.WritePropertyName("input");
            writer.WriteRawValue(input);
        }

        writer.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("metrics");
        writer.WriteNumber("latencyMs", LatencyMs);
        writer.WriteEndObject();
    }

    /// <summary>AWS: <c>inputTokens</c> are without those of the cache, <c>totalTokens</c> are all.</summary>
    private void WriteUsage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("inputTokens", usage.FreshPrompt);
        writer.WriteNumber("outputTokens", usage.Completion);
        writer.WriteNumber("totalTokens", (long)usage.FreshPrompt + usage.CacheRead + usage.CacheWritten + usage.Completion);
        writer.WriteNumber("cacheReadInputTokens", usage.CacheRead);
        writer.WriteNumber("cacheWriteInputTokens", usage.CacheWritten);
        writer.WriteEndObject();
    }
}
