using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// Reads one message stream into events (Anthropic, "Streaming Messages"). The API sends one block after the other; servers that copy it may mix the
/// blocks, so pieces are told apart by their index. Blocks without a neutral form get no part number.
/// </summary>
internal sealed class AnthropicStreamReader : IChatStreamReader
{
    // More blocks than any answer has: an endless list of them is no answer.
    private const int MaxBlocks = 4096;

    private readonly List<Block> blocks = [];
    private int parts;
    private bool isStarted, isFinished, isEnded;
    private TokenUsage? usage;

    /// <inheritdoc />
    public ProviderFailure? Failure { get; private set; }

    /// <inheritdoc />
    public StreamStep Read(ReadOnlySpan<byte> eventData, IReplySink sink)
    {
        try
        {
            if (isEnded) return StreamStep.Failed;
            return AnthropicPiece.TryRead(eventData, out var index, out var text) ? Piece(index, text, sink) : ReadEvent(eventData, sink);
        }
        catch (Exception fault) when (AnthropicJson.IsBadInput(fault))
        {
            return Fail();
        }
    }

    /// <inheritdoc />
    public StreamStep End(IReplySink sink)
    {
        if (isEnded || !isStarted || !isFinished) return StreamStep.Failed;
        isEnded = true;
        StopAll(sink);
        return StreamStep.Done;
    }

    /// <summary>The service tier in the usage object that the reader stands at.</summary>
    internal static ReadOnlySpan<byte> TierIn(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return default;
        ReadOnlySpan<byte> tier = default;
        while (AnthropicJson.NextProperty(ref reader))
        {
            var isTier = reader.ValueTextEquals("service_tier"u8);
            reader.Read();
            if (isTier) tier = AnthropicJson.Text(ref reader);
            reader.Skip();
        }
        return tier;
    }

    private StreamStep ReadEvent(ReadOnlySpan<byte> data, IReplySink sink)
    {
        var found = default(Fields);
        var reader = new Utf8JsonReader(data, AnthropicJson.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return Fail();
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                found.Type = EventTypes.Of(ref reader);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                found.Index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? index : -1;
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                found.ReadDelta(ref reader, data);
                continue;
            }
            else if (reader.ValueTextEquals("content_block"u8) || reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                // The type may come behind it, and says how to read it.
                reader.Skip();
                found.Inner = data[start..(int)reader.BytesConsumed];
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                found.Usage = reader.TokenType == JsonTokenType.StartObject;
                usage = AnthropicUsage.Read(ref reader, usage);
                continue;
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
        // Anything behind the object is an error that this read finds.
        reader.Read();
        return Act(data, found, sink);
    }

    private StreamStep Act(ReadOnlySpan<byte> data, in Fields found, IReplySink sink)
    {
        switch (found.Type)
        {
            case EventType.ContentBlockDelta:
                return Delta(found, sink);
            case EventType.MessageStart:
                return Start(found.Inner, sink);
            case EventType.ContentBlockStart:
                return StartBlock(found, sink);
            case EventType.ContentBlockStop:
                return StopBlock(found.Index, sink);
            case EventType.MessageDelta:
                return Finish(found, sink);
            case EventType.MessageStop:
                // A stop without a beginning, or without a reason, is no end that a caller could trust.
                return isStarted && isFinished ? End(sink) : Fail();
            case EventType.Error:
                Failure = AnthropicFailureReader.InStream(data);
                return Fail();
            case EventType.None:
                return Fail();
            default:
                return StreamStep.More;
        }
    }

    private StreamStep Start(ReadOnlySpan<byte> message, IReplySink sink)
    {
        if (isStarted) return Fail();
        isStarted = true;
        ReadOnlySpan<byte> id = default, model = default, tier = default;
        var reader = ReaderOf(message);
        while (reader.TokenType != JsonTokenType.None && AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                model = AnthropicJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                var again = reader;
                usage = AnthropicUsage.Read(ref reader, usage);
                tier = TierIn(ref again);
                continue;
            }
            else
            {
                reader.Read();
            }
            reader.Skip();
        }
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Start, Id = id, Name = model });
        if (!tier.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.About, Name = AnthropicWords.TierOf(tier) });
        if (usage is { } known) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = known });
        return StreamStep.More;
    }

    private StreamStep StartBlock(in Fields found, IReplySink sink)
    {
        if (!isStarted || isFinished || blocks.Count == MaxBlocks || found.Index < 0 || IndexOf(found.Index) >= 0) return Fail();
        var reader = ReaderOf(found.Inner);
        if (reader.TokenType == JsonTokenType.None) return Fail();
        var block = default(AnthropicBlock);
        block.Read(ref reader, found.Inner);
        if (block.Kind is not { } kind)
        {
            blocks.Add(new(found.Index, -1, PartKind.Text, IsOpen: false, HasText: false));
            return StreamStep.More;
        }
        var part = parts++;
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, Part = part, PartKind = kind, Id = block.Id, Name = block.Name });
        // What the start holds already; of a tool call an empty object, unless a copying server sends all at once.
        var text = kind != PartKind.ToolCall ? block.Text : AnthropicJson.HasFields(block.Input) ? AnthropicJson.EscapeJson(block.Input) : default;
        blocks.Add(new(found.Index, part, kind, IsOpen: true, HasText: !text.IsEmpty));
        if (!text.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = part, PartKind = kind, Text = text });
        if (!block.Signature.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Part = part, PartKind = kind, Text = block.Signature });
        if (!block.Citations.IsEmpty) AnthropicCitations.Give(block.Citations, part, sink);
        return StreamStep.More;
    }

    private StreamStep Delta(in Fields found, IReplySink sink)
    {
        var at = IndexOf(found.Index);
        if (at < 0) return Fail();
        var block = blocks[at];
        if (block.Part < 0) return StreamStep.More;
        if (!block.IsOpen || !found.HasDelta) return Fail();
        if (!found.Text.IsEmpty) Give(at, found.Text, sink);
        if (!found.Signature.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Part = block.Part, PartKind = block.Kind, Text = found.Signature });
        if (found.Citation.IsEmpty) return StreamStep.More;
        var citation = ReaderOf(found.Citation);
        AnthropicCitations.GiveOne(ref citation, block.Part, sink);
        return StreamStep.More;
    }

    private StreamStep Piece(int index, ReadOnlySpan<byte> text, IReplySink sink)
    {
        var at = IndexOf(index);
        if (at < 0) return Fail();
        if (blocks[at].Part < 0) return StreamStep.More;
        if (!blocks[at].IsOpen) return Fail();
        if (!text.IsEmpty) Give(at, text, sink);
        return StreamStep.More;
    }

    private void Give(int at, ReadOnlySpan<byte> text, IReplySink sink)
    {
        var block = blocks[at];
        if (!block.HasText) blocks[at] = block with { HasText = true };
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = block.Part, PartKind = block.Kind, Text = text });
    }

    private StreamStep StopBlock(int index, IReplySink sink)
    {
        var at = IndexOf(index);
        if (at < 0) return Fail();
        Stop(at, sink);
        return StreamStep.More;
    }

    private StreamStep Finish(in Fields found, IReplySink sink)
    {
        if (!isStarted) return Fail();
        if (found.FinishReason is { } known && !isFinished)
        {
            StopAll(sink);
            isFinished = true;
            sink.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, FinishReason = known, Text = found.StopSequence });
        }
        if (found.Usage && usage is { } tokens) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = tokens });
        return StreamStep.More;
    }

    /// <summary>A reader inside an object; it stands at no token when there is no object.</summary>
    private static Utf8JsonReader ReaderOf(ReadOnlySpan<byte> json)
    {
        if (json is not [(byte)'{', ..]) return default;
        var reader = new Utf8JsonReader(json, AnthropicJson.Options);
        reader.Read();
        return reader;
    }

    private int IndexOf(int index)
    {
        // The block that pieces come for is nearly always the last.
        for (var i = blocks.Count - 1; i >= 0; i--)
            if (blocks[i].Index == index) return i;
        return -1;
    }

    private void StopAll(IReplySink sink)
    {
        for (var i = 0; i < blocks.Count; i++) Stop(i, sink);
    }

    private void Stop(int at, IReplySink sink)
    {
        var block = blocks[at];
        if (!block.IsOpen) return;
        blocks[at] = block with { IsOpen = false };
        // A tool without arguments comes with none at all; other dialects want an empty object.
        if (block is { Kind: PartKind.ToolCall, HasText: false })
            sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = block.Part, PartKind = block.Kind, Text = "{}"u8 });
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Part = block.Part, PartKind = block.Kind });
    }

    private StreamStep Fail()
    {
        isEnded = true;
        return StreamStep.Failed;
    }

    /// <summary>A block that has come.</summary>
    /// <param name="Index">Its index at the provider.</param>
    /// <param name="Part">Its part number; -1 = it has no neutral form.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="IsOpen">Whether more of it may come.</param>
    /// <param name="HasText">Whether anything of its text has come.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Block(int Index, int Part, PartKind Kind, bool IsOpen, bool HasText);

    /// <summary>What an event says.</summary>
    private ref struct Fields
    {
        public EventType Type;
        public int Index;
        public bool Usage, HasDelta;
        public FinishReason? FinishReason;
        public ReadOnlySpan<byte> Inner, Text, Signature, Citation, StopSequence;

        /// <summary>Reads the delta that the reader stands at, of a block or of the message.</summary>
        public void ReadDelta(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
        {
            HasDelta = reader.TokenType == JsonTokenType.StartObject;
            if (!HasDelta)
            {
                reader.Skip();
                return;
            }
            while (AnthropicJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("partial_json"u8) || reader.ValueTextEquals("thinking"u8))
                {
                    reader.Read();
                    Text = AnthropicJson.Text(ref reader);
                }
                else if (reader.ValueTextEquals("signature"u8))
                {
                    reader.Read();
                    Signature = AnthropicJson.Text(ref reader);
                }
                else if (reader.ValueTextEquals("stop_reason"u8))
                {
                    reader.Read();
                    FinishReason = AnthropicWords.FinishReasonOf(ref reader);
                }
                else if (reader.ValueTextEquals("stop_sequence"u8))
                {
                    reader.Read();
                    StopSequence = AnthropicJson.Text(ref reader);
                }
                else if (reader.ValueTextEquals("citation"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    Citation = data[start..(int)reader.BytesConsumed];
                    continue;
                }
                else
                {
                    reader.Read();
                }
                reader.Skip();
            }
        }
    }
}
