using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>
/// Writes a stream of typed events (OpenAI API reference, "Streaming events"), numbered from 0. The answer is collected beside, because items, parts and the
/// response itself are told once more as a whole when they end. A piece of text is written around bytes that are built once per part.
/// </summary>
internal sealed class ResponsesStreamWriter : IReplyStreamWriter, IDisposable
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // What stands in the deltas already is told once more at the end, but not at any price.
    private const int MaxKeptLogprobs = 16 * 1024 * 1024;

    private readonly ReplyContext context;
    private readonly IBufferWriter<byte> output;
    private readonly ReplyBuilder builder = new(MaxKeptLogprobs);
    private readonly ResponseObjectWriter response;
    private readonly Utf8JsonWriter writer;
    private readonly List<PartPlace> places = [];
    private long number;
    private int nextItem;
    private OutputItem? message;
    private int messageIndex;
    private bool hasStarted;

    /// <summary>A writer for one stream.</summary>
    public ResponsesStreamWriter(in ReplyContext context, IBufferWriter<byte> output)
    {
        this.context = context;
        this.output = output;
        response = new ResponseObjectWriter(context);
        writer = new Utf8JsonWriter(output, Plain);
    }

    private ReplyChoice Answer => builder.Reply.Choices[0];

    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        // There is one answer here; no field of a request asks for more.
        if (replyEvent.Choice != 0) return;
        builder.Take(replyEvent);
        if (replyEvent.Kind is not (ReplyEventKind.About or ReplyEventKind.Usage)) EnsureStarted();
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.PartStart:
                StartPart(replyEvent);
                break;
            case ReplyEventKind.Delta:
                if (!replyEvent.Text.IsEmpty || (!replyEvent.Logprobs.IsEmpty && replyEvent.PartKind == PartKind.Text)) WriteDelta(replyEvent);
                break;
            case ReplyEventKind.Citation:
                if (!replyEvent.Id.IsEmpty) WriteCitation(replyEvent.Part);
                break;
            case ReplyEventKind.PartStop:
                StopPart(replyEvent.Part);
                break;
        }
    }

    /// <inheritdoc />
    public void WriteClosing()
    {
        EnsureStarted();
        CloseMessage();
    }

    /// <inheritdoc />
    public void WriteTerminal()
    {
        var reply = builder.Finish();
        var status = ResponseObjectWriter.StatusOf(reply);
        Begin(status == ResponseStatus.Completed ? "response.completed"u8 : "response.incomplete"u8);
        writer.WritePropertyName("response"u8);
        response.Write(writer, reply, status);
        End();
    }

    /// <inheritdoc />
    public void Dispose() => writer.Dispose();

    private void EnsureStarted()
    {
        if (hasStarted) return;
        hasStarted = true;
        Begin("response.created"u8);
        writer.WritePropertyName("response"u8);
        response.Write(writer, builder.Reply, ResponseStatus.InProgress);
        End();
        Begin("response.in_progress"u8);
        writer.WritePropertyName("response"u8);
        response.Write(writer, builder.Reply, ResponseStatus.InProgress);
        End();
    }

    private void StartPart(in ReplyEvent start)
    {
        var kind = OutputItems.KindOf(start.PartKind);
        if (kind != OutputItemKind.Message) CloseMessage();
        var place = new PartPlace { Kind = start.PartKind };
        while (places.Count < start.Part) places.Add(new PartPlace());
        places.Add(place);
        if (kind == OutputItemKind.Message && message is { } open)
        {
            place.Index = messageIndex;
            place.Content = open.Parts;
            message = open with { Parts = open.Parts + 1 };
        }
        else
        {
            place.Index = nextItem++;
            if (kind == OutputItemKind.Message) (message, messageIndex) = (new OutputItem(kind, start.Part, 1), place.Index);
        }
        place.ItemId = OutputItems.IdOf(context.Id, kind, place.Index);
        if (place.Content == 0) WriteItemAdded(place, kind, Answer.Parts[start.Part]);
        if (kind == OutputItemKind.Message)
        {
            BeginAt("response.content_part.added"u8, place);
            writer.WriteNumber("content_index"u8, place.Content);
            writer.WritePropertyName("part"u8);
            OutputItems.WriteContent(writer, new ReplyPart { Kind = place.Kind });
            End();
        }
        place.BuildDelta();
    }

    private void WriteItemAdded(PartPlace place, OutputItemKind kind, ReplyPart part)
    {
        Begin("response.output_item.added"u8);
        writer.WriteNumber("output_index"u8, place.Index);
        writer.WriteStartObject("item"u8);
        writer.WriteString("id"u8, place.ItemId);
        switch (kind)
        {
            case OutputItemKind.Message:
                writer.WriteString("type"u8, "message"u8);
                writer.WriteString("status"u8, "in_progress"u8);
                writer.WriteString("role"u8, "assistant"u8);
                writer.WriteStartArray("content"u8);
                writer.WriteEndArray();
                break;
            case OutputItemKind.FunctionCall:
                OutputItems.WriteCall(writer, part.Id, part.Name, default, "in_progress"u8);
                break;
            default:
                writer.WriteString("type"u8, "reasoning"u8);
                writer.WriteStartArray("summary"u8);
                writer.WriteEndArray();
                break;
        }
        writer.WriteEndObject();
        End();
    }

    private void WriteDelta(in ReplyEvent piece)
    {
        var place = places[piece.Part];
        if (place.Kind == PartKind.RedactedThinking) return;
        if (place.Kind == PartKind.Thinking && !place.HasSummary) StartSummary(place);
        place.HasText = true;
        var head = place.DeltaHead;
        var at = place.DeltaPlace;
        var hasLogprobs = place.Kind == PartKind.Text && !piece.Logprobs.IsEmpty;
        var tail = hasLogprobs ? "\",\"logprobs\":["u8 : place.DeltaTail;
        var span = output.GetSpan(head.Length + 20 + at.Length + piece.Text.Length + tail.Length);
        head.CopyTo(span);
        var length = head.Length;
        Utf8Formatter.TryFormat(number++, span[length..], out var digits);
        length += digits;
        at.CopyTo(span[length..]);
        length += at.Length;
        piece.Text.CopyTo(span[length..]);
        length += piece.Text.Length;
        tail.CopyTo(span[length..]);
        output.Advance(length + tail.Length);
        if (!hasLogprobs) return;
        output.Write(piece.Logprobs);
        output.Write("]}\n\n"u8);
    }

    private void StartSummary(PartPlace place)
    {
        place.HasSummary = true;
        BeginAt("response.reasoning_summary_part.added"u8, place);
        writer.WriteNumber("summary_index"u8, 0);
        WriteSummary(default);
        End();
    }

    private void WriteSummary(JsonText text)
    {
        writer.WriteStartObject("part"u8);
        writer.WriteString("type"u8, "summary_text"u8);
        writer.WriteText("text"u8, text);
        writer.WriteEndObject();
    }

    private void WriteCitation(int part)
    {
        var place = places[part];
        var citations = Answer.Parts[part].Citations;
        BeginAt("response.output_text.annotation.added"u8, place);
        writer.WriteNumber("content_index"u8, place.Content);
        writer.WriteNumber("annotation_index"u8, place.Annotations++);
        writer.WritePropertyName("annotation"u8);
        OutputItems.WriteAnnotation(writer, citations[^1]);
        End();
    }

    private void StopPart(int index)
    {
        var place = places[index];
        var part = Answer.Parts[index];
        switch (place.Kind)
        {
            case PartKind.ToolCall:
                if (!place.HasText) WriteDelta(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = index, PartKind = PartKind.ToolCall, Text = "{}"u8 });
                BeginAt("response.function_call_arguments.done"u8, place);
                writer.WriteText("name"u8, part.Name);
                writer.WriteText("arguments"u8, part.Text.IsEmpty ? JsonText.Of("{}") : part.Text);
                End();
                WriteItemDone(new OutputItem(OutputItemKind.FunctionCall, index, 1), place.Index);
                if (!part.Signature.IsEmpty) WriteCallProof(index);
                break;
            case PartKind.Thinking or PartKind.RedactedThinking:
                if (place.HasSummary) StopSummary(place, part.Text);
                WriteItemDone(new OutputItem(OutputItemKind.Reasoning, index, 1), place.Index);
                break;
            default:
                StopContent(place, part);
                break;
        }
    }

    private void StopSummary(PartPlace place, JsonText text)
    {
        BeginAt("response.reasoning_summary_text.done"u8, place);
        writer.WriteNumber("summary_index"u8, 0);
        writer.WriteText("text"u8, text);
        End();
        BeginAt("response.reasoning_summary_part.done"u8, place);
        writer.WriteNumber("summary_index"u8, 0);
        WriteSummary(text);
        End();
    }

    private void StopContent(PartPlace place, ReplyPart part)
    {
        var isRefusal = part.Kind == PartKind.Refusal;
        BeginAt(isRefusal ? "response.refusal.done"u8 : "response.output_text.done"u8, place);
        writer.WriteNumber("content_index"u8, place.Content);
        writer.WriteText(isRefusal ? "refusal"u8 : "text"u8, part.Text);
        if (!isRefusal)
        {
            LogprobList.WriteArray(writer, "logprobs"u8, part.Logprobs);
        }
        End();
        BeginAt("response.content_part.done"u8, place);
        writer.WriteNumber("content_index"u8, place.Content);
        writer.WritePropertyName("part"u8);
        OutputItems.WriteContent(writer, part);
        End();
    }

    private void WriteCallProof(int part)
    {
        var index = nextItem++;
        var item = new OutputItem(OutputItemKind.CallProof, part, 1);
        var place = new PartPlace { Index = index, ItemId = OutputItems.IdOf(context.Id, item.Kind, index) };
        WriteItemAdded(place, item.Kind, Answer.Parts[part]);
        WriteItemDone(item, index);
    }

    private void CloseMessage()
    {
        if (message is not { } open) return;
        message = null;
        WriteItemDone(open, messageIndex);
    }

    private void WriteItemDone(OutputItem item, int index)
    {
        Begin("response.output_item.done"u8);
        writer.WriteNumber("output_index"u8, index);
        writer.WritePropertyName("item"u8);
        OutputItems.Write(writer, Answer, item, OutputItems.IdOf(context.Id, item.Kind, index), "completed"u8);
        End();
    }

    private void BeginAt(ReadOnlySpan<byte> type, PartPlace place)
    {
        Begin(type);
        writer.WriteString("item_id"u8, place.ItemId);
        writer.WriteNumber("output_index"u8, place.Index);
    }

    private void Begin(ReadOnlySpan<byte> type)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteNumber("sequence_number"u8, number++);
    }

    private void End()
    {
        writer.WriteEndObject();
        writer.Flush();
        output.Write("\n\n"u8);
    }

    /// <summary>Where a part stands in the output.</summary>
    private sealed class PartPlace
    {
        public PartKind Kind { get; init; }

        public int Index { get; set; }

        public int Content { get; set; }

        public string ItemId { get; set; } = "";

        public int Annotations { get; set; }

        public bool HasText { get; set; }

        public bool HasSummary { get; set; }

        public byte[] DeltaHead { get; private set; } = [];

        public byte[] DeltaPlace { get; private set; } = [];

        public byte[] DeltaTail { get; private set; } = [];

        public void BuildDelta()
        {
            var type = Kind switch
            {
                PartKind.Thinking => "response.reasoning_summary_text.delta",
                PartKind.ToolCall => "response.function_call_arguments.delta",
                PartKind.Refusal => "response.refusal.delta",
                _ => "response.output_text.delta",
            };
            var inside = Kind switch
            {
                PartKind.Thinking => "\"summary_index\":0,",
                PartKind.ToolCall => "",
                _ => $"\"content_index\":{Content},",
            };
            DeltaHead = Encoding.UTF8.GetBytes($"event: {type}\ndata: {{\"type\":\"{type}\",\"sequence_number\":");
            DeltaPlace = Encoding.UTF8.GetBytes($",\"item_id\":\"{ItemId}\",\"output_index\":{Index},{inside}\"delta\":\"");
            DeltaTail = Kind == PartKind.Text ? "\",\"logprobs\":[]}\n\n"u8.ToArray() : "\"}\n\n"u8.ToArray();
        }
    }
}
