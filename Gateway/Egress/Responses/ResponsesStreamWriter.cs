using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>
/// Writes a stream of typed events (OpenAI API reference, "Streaming events"), numbered from 0. The answer is collected beside, because items, parts and the
/// response itself are told once more as a whole when they end.
/// </summary>
internal sealed class ResponsesStreamWriter : IReplyStreamWriter, IDisposable
{
    // What stands in the deltas already is told once more at the end, but not at any price.
    private const int MaxKeptLogprobs = 16 * 1024 * 1024;

    private readonly ReplyContext context;
    private readonly IBufferWriter<byte> output;
    private readonly ResponsesEventWriter events;
    private readonly ReplyBuilder builder = new(MaxKeptLogprobs);
    private readonly ResponseObjectWriter response;
    private readonly List<PartPlace> places = [];
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
        events = new ResponsesEventWriter(output);
    }

    private Utf8JsonWriter Json => events.Json;

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
        events.Begin(status == ResponseStatus.Completed ? "response.completed"u8 : "response.incomplete"u8);
        Json.WritePropertyName("response"u8);
        response.Write(Json, reply, status);
        events.End();
    }

    /// <inheritdoc />
    public bool TryWriteFailure(Refusal refusal)
    {
        EnsureStarted();
        ResponsesFailure.Write(output, refusal, response.Id, events.Number);
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => events.Dispose();

    private void EnsureStarted()
    {
        if (hasStarted) return;
        hasStarted = true;
        events.Begin("response.created"u8);
        Json.WritePropertyName("response"u8);
        response.Write(Json, builder.Reply, ResponseStatus.InProgress);
        events.End();
        events.Begin("response.in_progress"u8);
        Json.WritePropertyName("response"u8);
        response.Write(Json, builder.Reply, ResponseStatus.InProgress);
        events.End();
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
            events.BeginAt("response.content_part.added"u8, place);
            Json.WriteNumber("content_index"u8, place.Content);
            Json.WritePropertyName("part"u8);
            OutputItems.WriteContent(Json, Answer, start.Part);
            events.End();
        }
        place.BuildDelta();
    }

    private void WriteItemAdded(PartPlace place, OutputItemKind kind, ReplyPart part)
    {
        events.Begin("response.output_item.added"u8);
        Json.WriteNumber("output_index"u8, place.Index);
        Json.WriteStartObject("item"u8);
        Json.WriteString("id"u8, place.ItemId);
        switch (kind)
        {
            case OutputItemKind.Message:
                Json.WriteString("type"u8, "message"u8);
                Json.WriteString("status"u8, "in_progress"u8);
                Json.WriteString("role"u8, "assistant"u8);
                Json.WriteStartArray("content"u8);
                Json.WriteEndArray();
                break;
            case OutputItemKind.FunctionCall:
                OutputItems.WriteCall(Json, part.Id, part.Name, default, "in_progress"u8);
                break;
            default:
                Json.WriteString("type"u8, "reasoning"u8);
                Json.WriteStartArray("summary"u8);
                Json.WriteEndArray();
                break;
        }
        Json.WriteEndObject();
        events.End();
    }

    private void WriteDelta(in ReplyEvent piece)
    {
        var place = places[piece.Part];
        if (place.Kind == PartKind.RedactedThinking) return;
        if (place.Kind == PartKind.Thinking && !place.HasSummary) StartSummary(place);
        place.HasText = true;
        events.WriteDelta(place, piece.Text, place.Kind == PartKind.Text ? piece.Logprobs : default);
    }

    private void StartSummary(PartPlace place)
    {
        place.HasSummary = true;
        events.BeginAt("response.reasoning_summary_part.added"u8, place);
        Json.WriteNumber("summary_index"u8, 0);
        WriteSummary(default);
        events.End();
    }

    private void WriteSummary(JsonText text)
    {
        Json.WriteStartObject("part"u8);
        Json.WriteString("type"u8, "summary_text"u8);
        Json.WriteText("text"u8, text);
        Json.WriteEndObject();
    }

    private void WriteCitation(int part)
    {
        var place = places[part];
        events.BeginAt("response.output_text.annotation.added"u8, place);
        Json.WriteNumber("content_index"u8, place.Content);
        Json.WriteNumber("annotation_index"u8, place.Annotations++);
        Json.WritePropertyName("annotation"u8);
        OutputItems.WriteAnnotation(Json, Answer.Parts[part].Citations[^1], Answer, part);
        events.End();
    }

    private void StopPart(int index)
    {
        var place = places[index];
        var part = Answer.Parts[index];
        switch (place.Kind)
        {
            case PartKind.ToolCall:
                if (!place.HasText) WriteDelta(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = index, PartKind = PartKind.ToolCall, Text = "{}"u8 });
                events.BeginAt("response.function_call_arguments.done"u8, place);
                Json.WriteText("name"u8, part.Name);
                Json.WriteText("arguments"u8, part.Text.IsEmpty ? JsonText.Of("{}") : part.Text);
                events.End();
                WriteItemDone(new OutputItem(OutputItemKind.FunctionCall, index, 1), place.Index);
                if (!part.Signature.IsEmpty) WriteCallProof(index);
                break;
            case PartKind.Thinking or PartKind.RedactedThinking:
                if (place.HasSummary) StopSummary(place, part.Text);
                WriteItemDone(new OutputItem(OutputItemKind.Reasoning, index, 1), place.Index);
                break;
            default:
                StopContent(place, part, index);
                break;
        }
    }

    private void StopSummary(PartPlace place, JsonText text)
    {
        events.BeginAt("response.reasoning_summary_text.done"u8, place);
        Json.WriteNumber("summary_index"u8, 0);
        Json.WriteText("text"u8, text);
        events.End();
        events.BeginAt("response.reasoning_summary_part.done"u8, place);
        Json.WriteNumber("summary_index"u8, 0);
        WriteSummary(text);
        events.End();
    }

    private void StopContent(PartPlace place, ReplyPart part, int index)
    {
        var isRefusal = part.Kind == PartKind.Refusal;
        events.BeginAt(isRefusal ? "response.refusal.done"u8 : "response.output_text.done"u8, place);
        Json.WriteNumber("content_index"u8, place.Content);
        Json.WriteText(isRefusal ? "refusal"u8 : "text"u8, part.Text);
        if (!isRefusal)
        {
            LogprobList.WriteArray(Json, "logprobs"u8, part.Logprobs);
        }
        events.End();
        events.BeginAt("response.content_part.done"u8, place);
        Json.WriteNumber("content_index"u8, place.Content);
        Json.WritePropertyName("part"u8);
        OutputItems.WriteContent(Json, Answer, index);
        events.End();
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
        events.Begin("response.output_item.done"u8);
        Json.WriteNumber("output_index"u8, index);
        Json.WritePropertyName("item"u8);
        OutputItems.Write(Json, Answer, item, OutputItems.IdOf(context.Id, item.Kind, index), "completed"u8);
        events.End();
    }
}
