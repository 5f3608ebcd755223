using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.OpenAi;

/// <summary>
/// Writes a stream of chat completion chunks. Everything around the words is the same in each chunk, so it is built once: a piece of the answer is three
/// copies into the output and allocates nothing.
/// </summary>
internal sealed class OpenAiStreamWriter : IReplyStreamWriter
{
    // Thoughts are repeated beside their proof, because a proof alone cannot be sent back. Longer ones go without.
    private const int MaxKeptThoughts = 4 * 1024 * 1024;

    private readonly ReplyContext context;
    private readonly IBufferWriter<byte> output;
    private readonly List<ChoiceState> choices = [];
    private readonly byte[] tail;
    private readonly byte[] deltaEnd;
    private JsonText id, model, fingerprint, tier;
    private TokenUsage? usage;
    private byte[]? head, textHead, thoughtHead;

    /// <summary>A writer for one stream.</summary>
    public OpenAiStreamWriter(in ReplyContext context, IBufferWriter<byte> output)
    {
        this.context = context;
        this.output = output;
        // As OpenAI does it: where usage was asked for, every chunk but the last has a null.
        tail = context.WantsUsage ? "],\"usage\":null}\n\n"u8.ToArray() : "]}\n\n"u8.ToArray();
        deltaEnd = [.. "\"},\"logprobs\":null,\"finish_reason\":null}"u8, .. tail];
    }

    /// <inheritdoc />
    public void Take(in ReplyEvent replyEvent)
    {
        switch (replyEvent.Kind)
        {
            case ReplyEventKind.Start:
                id = JsonText.CopyOfEscaped(replyEvent.Id);
                model = JsonText.CopyOfEscaped(replyEvent.Name);
                head = null;
                break;
            case ReplyEventKind.About:
                if (!replyEvent.Id.IsEmpty) fingerprint = JsonText.CopyOfEscaped(replyEvent.Id);
                if (!replyEvent.Name.IsEmpty) tier = JsonText.CopyOfEscaped(replyEvent.Name);
                head = null;
                break;
            case ReplyEventKind.PartStart:
                StartPart(replyEvent);
                break;
            case ReplyEventKind.Delta:
                if (!replyEvent.Logprobs.IsEmpty && replyEvent.PartKind is PartKind.Text or PartKind.Refusal) WriteProbable(replyEvent);
                else if (!replyEvent.Text.IsEmpty) WriteDelta(replyEvent);
                break;
            case ReplyEventKind.Signature:
                PartAt(replyEvent).Signature.Write(replyEvent.Text);
                break;
            case ReplyEventKind.Citation:
                if (!replyEvent.Id.IsEmpty) WriteCitation(replyEvent);
                break;
            case ReplyEventKind.PartStop:
                StopPart(replyEvent);
                break;
            case ReplyEventKind.Finish:
                WriteFinish(replyEvent.Choice, replyEvent.FinishReason);
                break;
            case ReplyEventKind.Usage:
                usage = replyEvent.Usage;
                break;
        }
    }

    /// <inheritdoc />
    public void WriteClosing()
    {
        if (choices.Count == 0) ChoiceAt(0);
        for (var i = 0; i < choices.Count; i++)
            if (!choices[i].IsFinished) WriteFinish(i, FinishReason.Stop);
        if (!context.WantsUsage || usage is not { } total) return;
        output.Write(Head);
        output.Write("],\"usage\":"u8);
        using (var writer = new Utf8JsonWriter(output)) OpenAiReplyWords.WriteUsage(writer, total);
        output.Write("}\n\n"u8);
    }

    /// <inheritdoc />
    public void WriteTerminal() => output.Write("data: [DONE]\n\n"u8);

    private byte[] Head => head ??= BuildHead();

    private byte[] BuildHead()
    {
        var built = new ArrayBufferWriter<byte>(256);
        built.Write("data: {\"id\":"u8);
        built.Write(OpenAiReplyWords.IdOf(id, context).Quoted);
        built.Write(",\"object\":\"chat.completion.chunk\",\"created\":"u8);
        WriteNumber(built, context.CreatedAt.ToUnixTimeSeconds());
        built.Write(",\"model\":"u8);
        built.Write(OpenAiReplyWords.ModelOf(model, context).Quoted);
        if (!tier.IsEmpty)
        {
            built.Write(",\"service_tier\":"u8);
            built.Write(tier.Quoted);
        }
        built.Write(",\"system_fingerprint\":"u8);
        built.Write(fingerprint.IsEmpty ? "null"u8 : fingerprint.Quoted);
        built.Write(",\"choices\":["u8);
        textHead = thoughtHead = null;
        return built.WrittenSpan.ToArray();
    }

    private void WriteDelta(in ReplyEvent piece)
    {
        var choice = ChoiceAt(piece.Choice);
        switch (piece.PartKind)
        {
            case PartKind.Text when piece.Choice == 0:
                _ = Head;
                WriteWords(textHead ??= [.. Head, .. "{\"index\":0,\"delta\":{\"content\":\""u8], piece.Text);
                break;
            case PartKind.Thinking when piece.Choice == 0:
                Keep(PartAt(piece), piece.Text);
                _ = Head;
                WriteWords(thoughtHead ??= [.. Head, .. "{\"index\":0,\"delta\":{\"reasoning_content\":\""u8], piece.Text);
                break;
            case PartKind.RedactedThinking:
                PartAt(piece).Kept.Write(piece.Text);
                break;
            case PartKind.ToolCall:
                var part = PartAt(piece);
                part.HasArguments = true;
                WriteArguments(piece.Choice, part.ToolIndex, piece.Text);
                break;
            default:
                if (piece.PartKind == PartKind.Thinking) Keep(PartAt(piece), piece.Text);
                if (piece.PartKind == PartKind.Refusal) choice.HasRefusal = true;
                Open(piece.Choice);
                output.Write(piece.PartKind switch
                {
                    PartKind.Thinking => "\"reasoning_content\":\""u8,
                    PartKind.Refusal => "\"refusal\":\""u8,
                    _ => "\"content\":\""u8,
                });
                output.Write(piece.Text);
                output.Write(deltaEnd);
                break;
        }
    }

    /// <summary>Words with the log probabilities of their tokens.</summary>
    private void WriteProbable(in ReplyEvent piece)
    {
        var isRefusal = piece.PartKind == PartKind.Refusal;
        ChoiceAt(piece.Choice).HasRefusal |= isRefusal;
        Open(piece.Choice);
        output.Write(isRefusal ? "\"refusal\":\""u8 : "\"content\":\""u8);
        output.Write(piece.Text);
        output.Write(isRefusal ? "\"},\"logprobs\":{\"content\":null,\"refusal\":["u8 : "\"},\"logprobs\":{\"content\":["u8);
        output.Write(piece.Logprobs);
        output.Write(isRefusal ? "]},\"finish_reason\":null}"u8 : "],\"refusal\":null},\"finish_reason\":null}"u8);
        output.Write(tail);
    }

    /// <summary>The way of almost every event.</summary>
    private void WriteWords(byte[] start, ReadOnlySpan<byte> words)
    {
        var length = start.Length + words.Length + deltaEnd.Length;
        var span = output.GetSpan(length);
        start.CopyTo(span);
        words.CopyTo(span[start.Length..]);
        deltaEnd.CopyTo(span[(start.Length + words.Length)..]);
        output.Advance(length);
    }

    private void StartPart(in ReplyEvent start)
    {
        var choice = ChoiceAt(start.Choice);
        var part = PartAt(start);
        if (start.PartKind == PartKind.Refusal) choice.HasRefusal = true;
        if (start.PartKind != PartKind.ToolCall) return;
        part.ToolIndex = choice.Tools++;
        Open(start.Choice);
        output.Write("\"tool_calls\":[{\"index\":"u8);
        WriteNumber(output, part.ToolIndex);
        output.Write(",\"id\":"u8);
        output.WriteEscaped(start.Id);
        output.Write(",\"type\":\"function\",\"function\":{\"name\":"u8);
        output.WriteEscaped(start.Name);
        output.Write(",\"arguments\":\"\"}}]"u8);
        Close();
    }

    private void StopPart(in ReplyEvent stop)
    {
        var part = PartAt(stop);
        if (stop.PartKind == PartKind.ToolCall)
        {
            // Clients parse the arguments: nothing at all is no JSON.
            if (!part.HasArguments) WriteArguments(stop.Choice, part.ToolIndex, "{}"u8);
            if (part.HasSignature) WriteToolSignature(stop.Choice, part);
        }
        else if (stop.PartKind == PartKind.RedactedThinking || (stop.PartKind == PartKind.Thinking && part.HasSignature && !part.IsTooLong))
        {
            Open(stop.Choice);
            output.Write("\"reasoning_details\":["u8);
            using (var writer = new Utf8JsonWriter(output))
                OpenAiReplyWords.WriteDetail(writer, stop.PartKind, part.KeptText, part.SignatureText);
            output.Write("]"u8);
            Close();
        }
        part.Release();
    }

    private void WriteArguments(int choice, int tool, ReadOnlySpan<byte> arguments)
    {
        Open(choice);
        output.Write("\"tool_calls\":[{\"index\":"u8);
        WriteNumber(output, tool);
        output.Write(",\"function\":{\"arguments\":\""u8);
        output.Write(arguments);
        output.Write("\"}}]"u8);
        Close();
    }

    private void WriteToolSignature(int choice, PartState part)
    {
        Open(choice);
        output.Write("\"tool_calls\":[{\"index\":"u8);
        WriteNumber(output, part.ToolIndex);
        output.Write(",\"extra_content\":{\"google\":{\"thought_signature\":"u8);
        output.Write(part.SignatureText.Quoted);
        output.Write("}}}]"u8);
        Close();
    }

    private void WriteCitation(in ReplyEvent citation)
    {
        ChoiceAt(citation.Choice);
        Open(citation.Choice);
        output.Write("\"annotations\":["u8);
        using (var writer = new Utf8JsonWriter(output))
            OpenAiReplyWords.WriteAnnotation(writer, JsonText.CopyOfEscaped(citation.Id), JsonText.CopyOfEscaped(citation.Name), citation.Place);
        output.Write("]"u8);
        Close();
    }

    private void WriteFinish(int index, FinishReason reason)
    {
        var choice = ChoiceAt(index);
        if (choice.IsFinished) return;
        choice.IsFinished = true;
        output.Write(Head);
        output.Write("{\"index\":"u8);
        WriteNumber(output, index);
        output.Write(",\"delta\":{},\"logprobs\":null,\"finish_reason\":\""u8);
        output.Write(OpenAiReplyWords.FinishOf(reason, choice.HasRefusal));
        output.Write("\"}"u8);
        output.Write(tail);
    }

    /// <summary>The choice; its first chunk tells who speaks.</summary>
    private ChoiceState ChoiceAt(int index)
    {
        while (choices.Count <= index)
        {
            choices.Add(new ChoiceState());
            Open(choices.Count - 1);
            output.Write("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null"u8);
            Close();
        }
        return choices[index];
    }

    private PartState PartAt(in ReplyEvent replyEvent)
    {
        var parts = ChoiceAt(replyEvent.Choice).Parts;
        while (parts.Count <= replyEvent.Part) parts.Add(new PartState());
        return parts[replyEvent.Part];
    }

    private void Open(int choice)
    {
        output.Write(Head);
        output.Write("{\"index\":"u8);
        WriteNumber(output, choice);
        output.Write(",\"delta\":{"u8);
    }

    private void Close()
    {
        output.Write("},\"logprobs\":null,\"finish_reason\":null}"u8);
        output.Write(tail);
    }

    private static void Keep(PartState part, ReadOnlySpan<byte> thoughts)
    {
        if (part.Kept.WrittenCount + thoughts.Length <= MaxKeptThoughts) part.Kept.Write(thoughts);
        else part.IsTooLong = true;
    }

    private static void WriteNumber(IBufferWriter<byte> target, long number)
    {
        var span = target.GetSpan(20);
        Utf8Formatter.TryFormat(number, span, out var written);
        target.Advance(written);
    }

    private sealed class ChoiceState
    {
        public List<PartState> Parts { get; } = [];

        public int Tools { get; set; }

        public bool IsFinished { get; set; }

        public bool HasRefusal { get; set; }
    }

    private sealed class PartState
    {
        private ArrayBufferWriter<byte>? kept, signature;

        public int ToolIndex { get; set; }

        public bool HasArguments { get; set; }

        public bool IsTooLong { get; set; }

        public ArrayBufferWriter<byte> Kept => kept ??= new ArrayBufferWriter<byte>(1024);

        public ArrayBufferWriter<byte> Signature => signature ??= new ArrayBufferWriter<byte>(512);

        public bool HasSignature => signature is { WrittenCount: > 0 };

        public JsonText KeptText => kept is null ? default : JsonText.CopyOfEscaped(kept.WrittenSpan);

        public JsonText SignatureText => signature is null ? default : JsonText.CopyOfEscaped(signature.WrittenSpan);

        public void Release() => kept = signature = null;
    }
}
