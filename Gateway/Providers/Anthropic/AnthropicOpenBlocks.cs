using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// The blocks of a stream: their order, what is open, and how long their words are. The API sends one block after the other; servers that copy it may mix
/// the blocks, so pieces are told apart by their index. Blocks without a neutral form get no part number.
/// </summary>
internal sealed class AnthropicOpenBlocks
{
    // More blocks than any answer has: an endless list of them is no answer.
    private const int MaxBlocks = 4096;

    // Sources wait for the end of their words; more than this do not, and go without a place.
    private const int MaxWaitingBytes = 1024 * 1024;

    private readonly List<Block> blocks = [];
    private int parts, waitingBytes;

    /// <summary>Begins a block; false when there are too many, or it is there already.</summary>
    public bool TryStart(int index, in AnthropicBlock start, IReplySink sink)
    {
        if (blocks.Count == MaxBlocks || index < 0 || Find(index) is not null) return false;
        if (start.Kind is not { } kind)
        {
            blocks.Add(new Block(index, -1, PartKind.Text));
            return true;
        }
        var block = new Block(index, parts++, kind) { IsOpen = true };
        blocks.Add(block);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, Part = block.Part, PartKind = kind, Id = start.Id, Name = start.Name });
        // What the start holds already; of a tool call an empty object, unless a copying server sends all at once.
        var text = kind != PartKind.ToolCall ? start.Text : AnthropicJson.HasFields(start.Input) ? AnthropicJson.EscapeJson(start.Input) : default;
        Give(block, text, sink);
        if (!start.Signature.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Part = block.Part, PartKind = kind, Text = start.Signature });
        if (start.Citations.IsEmpty) return true;
        var citations = new Utf8JsonReader(start.Citations, AnthropicJson.Options);
        citations.Read();
        while (citations.Read() && citations.TokenType == JsonTokenType.StartObject)
        {
            var from = (int)citations.TokenStartIndex;
            citations.Skip();
            Cite(block, start.Citations[from..(int)citations.BytesConsumed], sink);
        }
        return true;
    }

    /// <summary>The block with this index; null = none.</summary>
    public Block? Find(int index)
    {
        // The block that pieces come for is nearly always the last.
        for (var i = blocks.Count - 1; i >= 0; i--)
            if (blocks[i].Index == index) return blocks[i];
        return null;
    }

    /// <summary>More of an open block's text.</summary>
    public static void Give(Block block, ReadOnlySpan<byte> text, IReplySink sink)
    {
        if (text.IsEmpty) return;
        block.HasText = true;
        if (block.Kind == PartKind.Text) block.Characters += EscapedCharacters.In(text);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = block.Part, PartKind = block.Kind, Text = text });
    }

    /// <summary>A source of an open block's words, a JSON object. It is given on at their end: it may come before them, and only then is known where they stand.</summary>
    public void Cite(Block block, ReadOnlySpan<byte> citation, IReplySink sink)
    {
        if (waitingBytes + citation.Length > MaxWaitingBytes)
        {
            AnthropicCitations.GiveOne(citation, block.Part, default, sink);
            return;
        }
        waitingBytes += citation.Length;
        (block.Citations ??= []).Add(citation.ToArray());
    }

    /// <summary>Ends all that are open.</summary>
    public void StopAll(IReplySink sink)
    {
        foreach (var block in blocks) Stop(block, sink);
    }

    /// <summary>Ends a block, if it is open.</summary>
    public void Stop(Block block, IReplySink sink)
    {
        if (!block.IsOpen) return;
        block.IsOpen = false;
        // A tool without arguments comes with none at all; other dialects want an empty object.
        if (block is { Kind: PartKind.ToolCall, HasText: false }) Give(block, "{}"u8, sink);
        if (block.Citations is { } citations) GiveCitations(block, citations, sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Part = block.Part, PartKind = block.Kind });
    }

    private void GiveCitations(Block block, List<byte[]> citations, IReplySink sink)
    {
        block.Citations = null;
        var start = 0;
        foreach (var earlier in blocks)
            if (earlier.Part < block.Part) start += earlier.Characters;
        foreach (var citation in citations)
        {
            waitingBytes -= citation.Length;
            AnthropicCitations.GiveOne(citation, block.Part, AnswerPlace.Of(start, start + block.Characters), sink);
        }
    }

    /// <summary>A block that has come.</summary>
    /// <param name="index">Its index at the provider.</param>
    /// <param name="part">Its part number; -1 = it has no neutral form.</param>
    /// <param name="kind">What it is.</param>
    internal sealed class Block(int index, int part, PartKind kind)
    {
        /// <summary>Its index at the provider.</summary>
        public int Index => index;

        /// <summary>Its part number; -1 = it has no neutral form.</summary>
        public int Part => part;

        /// <summary>What it is.</summary>
        public PartKind Kind => kind;

        /// <summary>Whether more of it may come.</summary>
        public bool IsOpen { get; set; }

        /// <summary>Whether anything of its text has come.</summary>
        public bool HasText { get; set; }

        /// <summary>Characters of its words.</summary>
        public int Characters { get; set; }

        /// <summary>Sources that wait for its end; null = none.</summary>
        public List<byte[]>? Citations { get; set; }
    }
}
