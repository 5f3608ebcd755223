using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>One answer while it comes: the API sends pieces without saying where a part begins or ends, so this keeps count.</summary>
internal sealed class GeminiChoice(int index)
{
    private readonly List<int> partStarts = [];
    private int part = -1, responses;
    private bool isOpen;
    private PartKind kind;
    private byte[]? signature;
    private readonly GeminiPlaces places = new();

    /// <summary>Why it ended; null = not yet.</summary>
    public FinishReason? Finish { get; set; }

    /// <summary>Whether it calls tools.</summary>
    public bool HasToolCalls { get; private set; }

    /// <summary>Whether words are being written.</summary>
    public bool HasOpenWords => isOpen && kind == PartKind.Text;

    /// <summary>More words or thoughts.</summary>
    /// <param name="of">Which of them.</param>
    /// <param name="text">The text, escaped.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="logprobs">Log probabilities of its tokens.</param>
    public void Append(PartKind of, ReadOnlySpan<byte> text, IReplySink sink, ReadOnlySpan<byte> logprobs = default)
    {
        Open(of, sink);
        if (text.IsEmpty && logprobs.IsEmpty) return;
        if (of == PartKind.Text) places.Add(text);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Choice = index, Part = part, PartKind = of, Text = text, Logprobs = logprobs });
    }

    /// <summary>The proof of the words or thoughts that are open; given on when they end.</summary>
    public void Sign(PartKind of, ReadOnlySpan<byte> proof, IReplySink sink)
    {
        if (signature is not null) Close(sink);
        if (!isOpen) kind = of;
        signature = proof.ToArray();
    }

    /// <summary>Where the words of a part of the response that is being read begin: <see cref="Cite"/> counts from there.</summary>
    /// <param name="number">The part's number in that response.</param>
    public void NotePart(int number)
    {
        while (partStarts.Count <= number) partStarts.Add(places.Bytes);
    }

    /// <summary>Another response of the stream begins, whose parts go on with the words.</summary>
    public void NextResponse()
    {
        responses++;
        partStarts.Clear();
    }

    /// <summary>A source of the words.</summary>
    /// <param name="quoted">The words of the answer that it supports, escaped.</param>
    /// <param name="url">Its address.</param>
    /// <param name="title">Its title.</param>
    /// <param name="bytes">Where these words stand: the part of the response, the first byte and the one behind the last. A stream counts from its beginning.</param>
    /// <param name="sink">Where it goes.</param>
    public void Cite(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> url, ReadOnlySpan<byte> title, (int Part, int Start, int End) bytes, IReplySink sink)
    {
        var from = responses == 1 && bytes.Part > 0 && bytes.Part < partStarts.Count ? partStarts[bytes.Part] : 0;
        var place = bytes.End > bytes.Start && bytes.Start >= 0 && bytes.End <= places.Bytes ? places.Of(from + bytes.Start, from + bytes.End) : default;
        Open(PartKind.Text, sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Citation, Choice = index, Part = part, PartKind = PartKind.Text, Text = quoted, Id = url, Name = title, Place = place });
    }

    /// <summary>A whole tool call.</summary>
    public void CallTool(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> proof, IReplySink sink)
    {
        Close(sink);
        HasToolCalls = true;
        Start(PartKind.ToolCall, sink, id, name);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Choice = index, Part = part, PartKind = PartKind.ToolCall, Text = arguments });
        if (!proof.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Choice = index, Part = part, PartKind = PartKind.ToolCall, Text = proof });
        Stop(sink);
    }

    /// <summary>Ends the part that is open, and gives on its proof.</summary>
    public void Close(IReplySink sink)
    {
        if (isOpen) Stop(sink);
        if (signature is not { } proof) return;
        signature = null;
        Start(PartKind.RedactedThinking, sink, default, default);
        Delta(GeminiTextSignatures.Mark, sink);
        Delta(proof, sink);
        Stop(sink);
    }

    private void Open(PartKind of, IReplySink sink)
    {
        if (isOpen && kind == of) return;
        Close(sink);
        Start(of, sink, default, default);
    }

    private void Start(PartKind of, IReplySink sink, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        part++;
        kind = of;
        isOpen = true;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, Choice = index, Part = part, PartKind = of, Id = id, Name = name });
    }

    private void Delta(ReadOnlySpan<byte> text, IReplySink sink) =>
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Choice = index, Part = part, PartKind = kind, Text = text });

    private void Stop(IReplySink sink)
    {
        isOpen = false;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Choice = index, Part = part, PartKind = kind });
    }
}
