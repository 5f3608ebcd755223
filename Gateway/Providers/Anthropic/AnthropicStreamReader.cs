using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Reads one message stream into events (Anthropic, "Streaming Messages").</summary>
internal sealed class AnthropicStreamReader : IChatStreamReader
{
    private readonly AnthropicOpenBlocks blocks = new();
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
        blocks.StopAll(sink);
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
        var found = default(AnthropicEvent);
        return found.TryRead(data, ref usage) ? Act(data, found, sink) : Fail();
    }

    private StreamStep Act(ReadOnlySpan<byte> data, in AnthropicEvent found, IReplySink sink)
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

    private StreamStep StartBlock(in AnthropicEvent found, IReplySink sink)
    {
        if (!isStarted || isFinished) return Fail();
        var reader = ReaderOf(found.Inner);
        if (reader.TokenType == JsonTokenType.None) return Fail();
        var start = default(AnthropicBlock);
        start.Read(ref reader, found.Inner);
        return blocks.TryStart(found.Index, start, sink) ? StreamStep.More : Fail();
    }

    private StreamStep Delta(in AnthropicEvent found, IReplySink sink)
    {
        if (blocks.Find(found.Index) is not { } block) return Fail();
        if (block.Part < 0) return StreamStep.More;
        if (!block.IsOpen || !found.HasDelta) return Fail();
        AnthropicOpenBlocks.Give(block, found.Text, sink);
        if (!found.Signature.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Part = block.Part, PartKind = block.Kind, Text = found.Signature });
        if (!found.Citation.IsEmpty) blocks.Cite(block, found.Citation, sink);
        return StreamStep.More;
    }

    private StreamStep Piece(int index, ReadOnlySpan<byte> text, IReplySink sink)
    {
        if (blocks.Find(index) is not { } block) return Fail();
        if (block.Part < 0) return StreamStep.More;
        if (!block.IsOpen) return Fail();
        AnthropicOpenBlocks.Give(block, text, sink);
        return StreamStep.More;
    }

    private StreamStep StopBlock(int index, IReplySink sink)
    {
        if (blocks.Find(index) is not { } block) return Fail();
        blocks.Stop(block, sink);
        return StreamStep.More;
    }

    private StreamStep Finish(in AnthropicEvent found, IReplySink sink)
    {
        if (!isStarted) return Fail();
        if (found.FinishReason is { } known && !isFinished)
        {
            blocks.StopAll(sink);
            isFinished = true;
            sink.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, FinishReason = known, Text = found.StopSequence });
        }
        if (found.HasUsage && usage is { } tokens) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = tokens });
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

    private StreamStep Fail()
    {
        isEnded = true;
        return StreamStep.Failed;
    }
}
