using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>
/// Turns the pieces of one choice into parts that begin and end. A chat completion has no parts: words, thoughts and tool calls are fields of one message,
/// and what comes when says where one ends.
/// </summary>
internal sealed class ChoiceParts(int choice)
{
    private readonly List<Tool> tools = [];
    private int next;
    private int open = -1;
    private PartKind openKind;
    private bool hasWords, hasRefusal;

    /// <summary>Whether its end was told.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether thoughts came as plain words, so that details only repeat them.</summary>
    public bool HasPlainThoughts { get; set; }

    /// <summary>More words, thoughts, or of a refusal.</summary>
    /// <param name="kind">Which of them.</param>
    /// <param name="text">The text, escaped.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="logprobs">Log probabilities of its tokens; they may come without text, e.g. for half a character.</param>
    public void Words(PartKind kind, ReadOnlySpan<byte> text, IReplySink sink, ReadOnlySpan<byte> logprobs = default)
    {
        if (text.IsEmpty && logprobs.IsEmpty) return;
        if (open < 0 || openKind != kind) Start(kind, default, default, sink);
        hasWords |= kind == PartKind.Text;
        hasRefusal |= kind == PartKind.Refusal;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Choice = choice, Part = open, PartKind = kind, Text = text, Logprobs = logprobs });
    }

    /// <summary>The proof of the thoughts.</summary>
    public void Signature(ReadOnlySpan<byte> signature, IReplySink sink)
    {
        if (signature.IsEmpty) return;
        if (open < 0 || openKind != PartKind.Thinking) Start(PartKind.Thinking, default, default, sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Choice = choice, Part = open, PartKind = PartKind.Thinking, Text = signature });
        // Behind its proof nothing can be added to a thought.
        Close(sink);
    }

    /// <summary>Encrypted thoughts, whole.</summary>
    public void Encrypted(ReadOnlySpan<byte> data, IReplySink sink)
    {
        if (data.IsEmpty) return;
        Start(PartKind.RedactedThinking, default, default, sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Choice = choice, Part = open, PartKind = PartKind.RedactedThinking, Text = data });
        Close(sink);
    }

    /// <summary>A source of the words.</summary>
    public void Citation(ReadOnlySpan<byte> url, ReadOnlySpan<byte> title, AnswerPlace place, IReplySink sink)
    {
        if (open < 0 || openKind != PartKind.Text) Start(PartKind.Text, default, default, sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Citation, Choice = choice, Part = open, PartKind = PartKind.Text, Id = url, Name = title, Place = place });
    }

    /// <summary>
    /// A piece of a tool call. A new one begins with an index or an id that was not there yet: some vendors count every call as 0, some do not count.
    /// </summary>
    public void ToolCall(int? index, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> signature, IReplySink sink)
    {
        var at = Find(index, id);
        if (at < 0)
        {
            Start(PartKind.ToolCall, id, name, sink);
            tools.Add(new Tool(index, JsonText.CopyOfEscaped(id), open));
            at = tools.Count - 1;
        }
        if (!arguments.IsEmpty) Arguments(at, arguments, sink);
        if (signature.IsEmpty) return;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Choice = choice, Part = tools[at].Part, PartKind = PartKind.ToolCall, Text = signature });
    }

    /// <summary>The newest tool call that this piece belongs to; -1 = none.</summary>
    public int Find(int? index, ReadOnlySpan<byte> id)
    {
        for (var i = tools.Count - 1; i >= 0; i--)
        {
            var isSameId = id.IsEmpty || tools[i].Id.Escaped.SequenceEqual(id);
            if (isSameId && (index is null || tools[i].Index == index)) return i;
            if (index is not null && tools[i].Index == index) return -1;
        }
        return -1;
    }

    /// <summary>More of a tool call's arguments. They may come for an earlier one, where a vendor interleaves calls.</summary>
    public void Arguments(int tool, ReadOnlySpan<byte> arguments, IReplySink sink)
    {
        var call = tools[tool];
        call.LastByte = arguments[^1];
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Choice = choice, Part = call.Part, PartKind = PartKind.ToolCall, Text = arguments });
    }

    /// <summary>The end of the choice; only the first one counts.</summary>
    public void Finish(FinishReason reason, IReplySink sink)
    {
        if (IsFinished) return;
        Close(sink);
        IsFinished = true;
        // "stop" is also said of a call that was demanded by name, and of a refusal.
        if (reason == FinishReason.Stop && tools.Count > 0) reason = FinishReason.ToolCalls;
        else if (reason == FinishReason.Stop && hasRefusal && !hasWords) reason = FinishReason.Refusal;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, Choice = choice, FinishReason = reason });
    }

    /// <summary>The neutral word for a finish reason (OpenAI's, and those of vendors).</summary>
    public static FinishReason ReasonOf(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("stop"u8) || word.SequenceEqual("eos"u8) || word.SequenceEqual("end_turn"u8)) return FinishReason.Stop;
        if (word.SequenceEqual("length"u8) || word.SequenceEqual("model_length"u8) || word.SequenceEqual("max_tokens"u8)) return FinishReason.Length;
        if (word.SequenceEqual("tool_calls"u8) || word.SequenceEqual("function_call"u8) || word.SequenceEqual("tool_use"u8)) return FinishReason.ToolCalls;
        return word.SequenceEqual("content_filter"u8) ? FinishReason.ContentFilter : FinishReason.Other;
    }

    private void Start(PartKind kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, IReplySink sink)
    {
        if (kind == PartKind.ToolCall) CloseBeforeTool(sink);
        else Close(sink);
        open = next++;
        openKind = kind;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, Choice = choice, Part = open, PartKind = kind, Id = id, Name = name });
    }

    /// <summary>
    /// A call whose arguments do not end in a brace is not over when the next begins: it has none, or the vendor interleaves. It ends with the turn then,
    /// because an end that turns out to be none could not be taken back.
    /// </summary>
    private void CloseBeforeTool(IReplySink sink)
    {
        if (open < 0 || openKind != PartKind.ToolCall) Close(sink);
        else if (tools[^1].LastByte == '}') Stop(tools[^1], sink);
        open = -1;
    }

    private void Close(IReplySink sink)
    {
        foreach (var tool in tools)
            if (tool.IsOpen) Stop(tool, sink);
        if (open >= 0 && openKind != PartKind.ToolCall)
            sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Choice = choice, Part = open, PartKind = openKind });
        open = -1;
    }

    private void Stop(Tool tool, IReplySink sink)
    {
        tool.IsOpen = false;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Choice = choice, Part = tool.Part, PartKind = PartKind.ToolCall });
    }

    private sealed class Tool(int? index, JsonText id, int part)
    {
        public int? Index { get; } = index;

        public JsonText Id { get; } = id;

        public int Part { get; } = part;

        public byte LastByte { get; set; }

        public bool IsOpen { get; set; } = true;
    }
}
