using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Anthropic;

/// <summary>An answer of Anthropic's messages, whole or as named events.</summary>
internal sealed class MessagesAnswer : IAnswer
{
    private readonly MessagesRequest request;
    private readonly Directives directives;
    private readonly string id;
    private readonly Turn turn;
    private readonly string signature;
    private readonly TokenCounts usage;

    public MessagesAnswer(MessagesRequest request, Directives directives, string id)
    {
        (this.request, this.directives, this.id) = (request, directives, id);
        var reasoning = TokenCounts.ReasoningOf(request);
        turn = Turn.Compose(request, directives, 0, reasoning);
        signature = SimText.Signature(turn.Thought);
        // What the model thought is still counted, but not told.
        if (request.OmitsThoughts && turn.Thoughts.Count > 0) turn = turn with { Thoughts = [""] };
        usage = TokenCounts.Of(request, directives, [turn], reasoning);
    }

    public int Chunks => turn.Chunks;

    private string Model => directives.ServedModel ?? request.Model;

    private string StopReason => directives.FinishReason ?? turn.End switch
    {
        TurnEnd.Length => "max_tokens",
        TurnEnd.ToolCalls => "tool_use",
        TurnEnd.StopSequence => "stop_sequence",
        _ => "end_turn",
    };

    public void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        WriteHead(writer);
        writer.WriteStartArray("content");
        if (turn.Thoughts.Count > 0) WriteBlock(writer, "thinking", ("thinking", turn.Thought), ("signature", signature));
        if (turn.Pieces.Count > 0) WriteBlock(writer, "text", ("text", turn.Text));
        for (var i = 0; i < turn.Calls.Count; i++) WriteToolUse(writer, i, turn.Calls[i].Arguments);
        writer.WriteEndArray();
        WriteStop(writer);
        if (!directives.NoUsage) WriteUsage(writer, usage.Completion);
    });

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        into.Write("event: error\ndata: "u8);
        AnthropicJson.WriteError(into, refusal);
        into.Write("\n\n"u8);
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        Event(into, "message_start", writer =>
        {
            writer.WriteStartObject("message");
            WriteHead(writer);
            writer.WriteStartArray("content");
            writer.WriteEndArray();
            writer.WriteNull("stop_reason");
            writer.WriteNull("stop_sequence");
            if (!directives.NoUsage) WriteUsage(writer, Math.Min(1, usage.Completion));
            writer.WriteEndObject();
        });
        yield return FrameKind.Opening;

        var index = 0;
        if (turn.Thoughts.Count > 0)
        {
            foreach (var kind in Block(into, index++, w => WriteBlock(w, "thinking", ("thinking", ""), ("signature", "")), "thinking_delta", "thinking", turn.Thoughts, signature))
                yield return kind;
        }

        if (turn.Pieces.Count > 0)
        {
            foreach (var kind in Block(into, index++, w => WriteBlock(w, "text", ("text", "")), "text_delta", "text", turn.Pieces, proof: null))
                yield return kind;
        }

        for (var i = 0; i < turn.Calls.Count; i++)
        {
            var call = i;
            // The first delta of a tool's input is empty, as Anthropic sends it.
            foreach (var kind in Block(into, index++, w => WriteToolUse(w, call, "{}"), "input_json_delta", "partial_json", ["", .. turn.Calls[i].ArgumentPieces], proof: null))
                yield return kind;
        }

        Event(into, "message_delta", writer =>
        {
            writer.WriteStartObject("delta");
            writer.WriteNull("container");
            writer.WriteNull("stop_details");
            WriteStop(writer);
            writer.WriteEndObject();
            if (!directives.NoUsage) WriteUsage(writer, usage.Completion);
        });
        yield return FrameKind.Closing;
        Event(into, "message_stop", static _ => { });
        yield return FrameKind.Done;
    }

    private static IEnumerable<FrameKind> Block(
        IBufferWriter<byte> into, int index, Action<Utf8JsonWriter> writeStart, string deltaType, string member, IReadOnlyList<string> pieces, string? proof)
    {
        Event(into, "content_block_start", writer =>
        {
            writer.WriteNumber("index", index);
            writer.WritePropertyName("content_block");
            writeStart(writer);
        });
        yield return FrameKind.Opening;
        if (index == 0)
        {
            Event(into, "ping", static _ => { });
            yield return FrameKind.Opening;
        }

        foreach (var piece in pieces)
        {
            Delta(into, index, deltaType, member, piece);
            yield return piece.Length == 0 ? FrameKind.Opening : FrameKind.Output;
        }

        if (proof is not null)
        {
            Delta(into, index, "signature_delta", "signature", proof);
            yield return FrameKind.Closing;
        }

        Event(into, "content_block_stop", writer => writer.WriteNumber("index", index));
        yield return FrameKind.Closing;
    }

    private static void Delta(IBufferWriter<byte> into, int index, string type, string member, string piece) => Event(into, "content_block_delta", writer =>
    {
        writer.WriteNumber("index", index);
        writer.WriteStartObject("delta");
        writer.WriteString("type", type);
        writer.WriteString(member, piece);
        writer.WriteEndObject();
    });

    private static void Event(IBufferWriter<byte> into, string type, Action<Utf8JsonWriter> members) => WireJson.WriteEvent(into, type, writer =>
    {
        writer.WriteString("type", type);
        members(writer);
    });

    private void WriteHead(Utf8JsonWriter writer)
    {
        writer.WriteString("id", id);
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", Model);
        writer.WriteNull("container");
        writer.WriteNull("stop_details");
    }

    private void WriteStop(Utf8JsonWriter writer)
    {
        writer.WriteString("stop_reason", StopReason);
        writer.WriteString("stop_sequence", turn.MatchedStop);
    }

    private static void WriteBlock(Utf8JsonWriter writer, string type, params ReadOnlySpan<(string Name, string Value)> members)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        foreach (var (name, value) in members) writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    private void WriteToolUse(Utf8JsonWriter writer, int call, string input)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", $"toolu_{id["msg_".Length..]}{call}");
        writer.WriteString("name", turn.Calls[call].Name);
        writer.WriteStartObject("caller");
        writer.WriteString("type", "direct");
        writer.WriteEndObject();
        writer.WritePropertyName("input");
        writer.WriteRawValue(input);
        writer.WriteEndObject();
    }

    private void WriteUsage(Utf8JsonWriter writer, int output)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.FreshPrompt);
        writer.WriteNumber("cache_creation_input_tokens", usage.CacheWritten);
        writer.WriteNumber("cache_read_input_tokens", usage.CacheRead);
        writer.WriteStartObject("cache_creation");
        writer.WriteNumber("ephemeral_5m_input_tokens", request.CachesForAnHour ? 0 : usage.CacheWritten);
        writer.WriteNumber("ephemeral_1h_input_tokens", request.CachesForAnHour ? usage.CacheWritten : 0);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", output);
        if (request.Thinks)
        {
            writer.WriteStartObject("output_tokens_details");
            writer.WriteNumber("thinking_tokens", Math.Min(output, usage.Reasoning));
            writer.WriteEndObject();
        }

        writer.WriteString("service_tier", "standard");
        writer.WriteEndObject();
    }
}
