using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Reads a whole message into events (Anthropic, "Messages", response). Fields may come in any order, so the content is read after the rest.</summary>
internal static class AnthropicReplyReader
{
    /// <summary>False when it is no message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, IReplySink sink)
    {
        try
        {
            var top = default(Top);
            if (!TryReadTop(body, ref top)) return false;
            sink.Take(new ReplyEvent { Kind = ReplyEventKind.Start, Id = top.Id, Name = top.Model });
            if (!top.Tier.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.About, Name = AnthropicWords.TierOf(top.Tier) });

            var blocks = new Utf8JsonReader(top.Content, AnthropicJson.Options);
            blocks.Read();
            var (part, characters) = (0, 0);
            while (blocks.Read() && blocks.TokenType == JsonTokenType.StartObject)
            {
                var block = default(AnthropicBlock);
                block.Read(ref blocks, top.Content);
                if (block.Kind is { } kind) Give(block, kind, part++, ref characters, sink);
            }
            if (blocks.TokenType != JsonTokenType.EndArray) return false;

            sink.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, FinishReason = top.FinishReason ?? FinishReason.Other, Text = top.StopSequence });
            if (top.Usage is { } usage) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = usage });
            return true;
        }
        catch (Exception fault) when (AnthropicJson.IsBadInput(fault))
        {
            return false;
        }
    }

    private static void Give(in AnthropicBlock block, PartKind kind, int part, ref int characters, IReplySink sink)
    {
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStart, Part = part, PartKind = kind, Id = block.Id, Name = block.Name });
        var text = kind == PartKind.ToolCall ? AnthropicJson.EscapeJson(block.Input.IsEmpty ? "{}"u8 : block.Input) : block.Text;
        if (!text.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Delta, Part = part, PartKind = kind, Text = text });
        if (!block.Signature.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Signature, Part = part, PartKind = kind, Text = block.Signature });
        var start = characters;
        if (kind == PartKind.Text) characters += EscapedCharacters.In(text);
        if (!block.Citations.IsEmpty) AnthropicCitations.Give(block.Citations, part, AnswerPlace.Of(start, characters), sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.PartStop, Part = part, PartKind = kind });
    }

    private static bool TryReadTop(ReadOnlySpan<byte> body, ref Top top)
    {
        var reader = new Utf8JsonReader(body, AnthropicJson.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        var isMessage = true;
        while (AnthropicJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartArray) return false;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                top.Content = body[start..(int)reader.BytesConsumed];
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                var usage = reader;
                top.Usage = AnthropicUsage.Read(ref reader, null);
                top.Tier = AnthropicStreamReader.TierIn(ref usage);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isMessage = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("message"u8);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("id"u8)) top.Id = ReadText(ref reader);
            else if (reader.ValueTextEquals("model"u8)) top.Model = ReadText(ref reader);
            else if (reader.ValueTextEquals("stop_sequence"u8)) top.StopSequence = ReadText(ref reader);
            else if (reader.ValueTextEquals("stop_reason"u8))
            {
                reader.Read();
                top.FinishReason = AnthropicWords.FinishReasonOf(ref reader);
                reader.Skip();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        // Anything behind the object is an error that this read finds.
        reader.Read();
        return isMessage && !top.Content.IsEmpty;
    }

    private static ReadOnlySpan<byte> ReadText(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        var text = AnthropicJson.Text(ref reader);
        reader.Skip();
        return text;
    }

    private ref struct Top
    {
        public ReadOnlySpan<byte> Id, Model, Tier, StopSequence, Content;
        public FinishReason? FinishReason;
        public TokenUsage? Usage;
    }
}
