using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.OpenAi;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Responses;

/// <summary>An answer of Responses, whole or as typed events with sequence numbers.</summary>
internal sealed class ResponsesAnswer : IAnswer
{
    private readonly ResponsesRequest request;
    private readonly Directives directives;
    private readonly ResponseWriter shape;
    private readonly Turn turn;
    private int sequence;

    public ResponsesAnswer(ResponsesRequest request, Directives directives, string id, long created)
    {
        this.request = request;
        this.directives = directives.Refusal is { } no ? directives with { Text = no } : directives;
        var reasoning = TokenCounts.ReasoningOf(request);
        turn = Turn.Compose(request, this.directives, 0, reasoning);
        shape = new ResponseWriter(request, directives, turn, TokenCounts.Of(request, directives, [turn], reasoning), id, created);
    }

    public int Chunks => turn.Chunks;

    private bool Refuses => directives.Refusal is not null;

    public void WritePlain(IBufferWriter<byte> into)
    {
        shape.Keep();
        WireJson.WriteObject(into, writer => shape.Write(writer, shape.EndStatus));
    }

    public void WriteErrorEvent(IBufferWriter<byte> into, Refusal refusal)
    {
        // The event in whose place this one goes was numbered already.
        sequence--;
        if (directives.ResponseFailed)
        {
            Event(into, "response.failed", writer =>
            {
                writer.WriteStartObject("response");
                shape.Write(writer, "failed", refusal with { Code = refusal.Code ?? "server_error" });
                writer.WriteEndObject();
            });
            return;
        }

        Event(into, "error", writer =>
        {
            writer.WriteString("code", refusal.Code ?? "server_error");
            writer.WriteString("message", refusal.Message);
            writer.WriteString("param", refusal.Param);
        });
    }

    public IEnumerable<FrameKind> WriteFrames(IBufferWriter<byte> into)
    {
        foreach (var type in (string[])["response.created", "response.in_progress"])
        {
            Event(into, type, writer => Response(writer, "in_progress"));
            yield return FrameKind.Opening;
        }

        var index = 0;
        if (shape.HasReasoning)
        {
            foreach (var kind in Reasoning(into, index++)) yield return kind;
        }

        if (turn.Pieces.Count > 0)
        {
            foreach (var kind in Message(into, index++)) yield return kind;
        }

        for (var call = 0; call < turn.Calls.Count; call++)
        {
            foreach (var kind in Call(into, index++, call)) yield return kind;
        }

        shape.Keep();
        Event(into, shape.EndStatus == "completed" ? "response.completed" : "response.incomplete", writer => Response(writer, shape.EndStatus));
        yield return FrameKind.Done;
    }

    private IEnumerable<FrameKind> Reasoning(IBufferWriter<byte> into, int index)
    {
        Item(into, "added", index, writer => shape.WriteReasoning(writer, isDone: false));
        yield return FrameKind.Opening;
        if (turn.Thoughts.Count > 0)
        {
            Part("");
            yield return FrameKind.Opening;
            foreach (var piece in turn.Thoughts)
            {
                InItem(into, "response.reasoning_summary_text.delta", shape.ReasoningId, index, ("summary_index", 0), writer => writer.WriteString("delta", piece));
                yield return FrameKind.Output;
            }

            InItem(into, "response.reasoning_summary_text.done", shape.ReasoningId, index, ("summary_index", 0), writer => writer.WriteString("text", turn.Thought));
            yield return FrameKind.Closing;
            Part(turn.Thought);
            yield return FrameKind.Closing;
        }

        Item(into, "done", index, writer => shape.WriteReasoning(writer, isDone: true));
        yield return FrameKind.Closing;

        void Part(string text) =>
            InItem(into, text.Length == 0 ? "response.reasoning_summary_part.added" : "response.reasoning_summary_part.done", shape.ReasoningId, index, ("summary_index", 0), writer =>
            {
                writer.WriteStartObject("part");
                writer.WriteString("type", "summary_text");
                writer.WriteString("text", text);
                writer.WriteEndObject();
            });
    }

    private IEnumerable<FrameKind> Message(IBufferWriter<byte> into, int index)
    {
        var kind = Refuses ? "response.refusal" : "response.output_text";
        Item(into, "added", index, writer => shape.WriteMessage(writer, isDone: false));
        yield return FrameKind.Opening;
        Part("added", "");
        yield return FrameKind.Opening;
        foreach (var piece in turn.Pieces)
        {
            InItem(into, kind + ".delta", shape.MessageId, index, ("content_index", 0), writer =>
            {
                writer.WriteString("delta", piece);
                if (Refuses) return;
                writer.WriteStartArray("logprobs");
                writer.WriteEndArray();
            });
            yield return FrameKind.Output;
        }

        InItem(into, kind + ".done", shape.MessageId, index, ("content_index", 0), writer => writer.WriteString(Refuses ? "refusal" : "text", turn.Text));
        yield return FrameKind.Closing;
        Part("done", turn.Text);
        yield return FrameKind.Closing;
        Item(into, "done", index, writer => shape.WriteMessage(writer, isDone: true));
        yield return FrameKind.Closing;

        void Part(string step, string text) =>
            InItem(into, "response.content_part." + step, shape.MessageId, index, ("content_index", 0), writer =>
            {
                writer.WritePropertyName("part");
                shape.WritePart(writer, text);
            });
    }

    private IEnumerable<FrameKind> Call(IBufferWriter<byte> into, int index, int call)
    {
        Item(into, "added", index, writer => shape.WriteCall(writer, call, isDone: false));
        yield return FrameKind.Opening;
        foreach (var piece in turn.Calls[call].ArgumentPieces)
        {
            InItem(into, "response.function_call_arguments.delta", shape.ItemId(call), index, null, writer => writer.WriteString("delta", piece));
            yield return FrameKind.Output;
        }

        InItem(into, "response.function_call_arguments.done", shape.ItemId(call), index, null, writer => writer.WriteString("arguments", turn.Calls[call].Arguments));
        yield return FrameKind.Closing;
        Item(into, "done", index, writer => shape.WriteCall(writer, call, isDone: true));
        yield return FrameKind.Closing;
    }

    private void Response(Utf8JsonWriter writer, string status)
    {
        writer.WriteStartObject("response");
        shape.Write(writer, status);
        writer.WriteEndObject();
    }

    private void Item(IBufferWriter<byte> into, string step, int index, Action<Utf8JsonWriter> writeItem) => Event(into, "response.output_item." + step, writer =>
    {
        writer.WriteNumber("output_index", index);
        writer.WritePropertyName("item");
        writeItem(writer);
    });

    private void InItem(IBufferWriter<byte> into, string type, string itemId, int index, (string Name, int Value)? inner, Action<Utf8JsonWriter> members) =>
        Event(into, type, writer =>
        {
            writer.WriteString("item_id", itemId);
            writer.WriteNumber("output_index", index);
            if (inner is { } place) writer.WriteNumber(place.Name, place.Value);
            members(writer);
        });

    private void Event(IBufferWriter<byte> into, string type, Action<Utf8JsonWriter> members) => WireJson.WriteEvent(into, type, writer =>
    {
        writer.WriteString("type", type);
        writer.WriteNumber("sequence_number", sequence++);
        members(writer);
    });
}
