using System.Text.Json;
using System.Text.Unicode;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Reads a whole reply of Converse (Amazon Bedrock API reference, "Converse", response syntax).</summary>
internal static class BedrockReplyReader
{
    /// <summary>Reads it into events; false when it is no reply.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, IReplySink sink)
    {
        var reader = new Utf8JsonReader(body, BedrockJson.Options);
        var parts = default(BedrockParts);
        TokenUsage? usage = null;
        ReadOnlySpan<byte> reason = default, sequence = default, tier = default;
        var hasMessage = false;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            parts.Start(sink);
            while (BedrockJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("output"u8))
                {
                    hasMessage |= ReadOutput(body, ref reader, ref parts, sink);
                }
                else if (reader.ValueTextEquals("stopReason"u8))
                {
                    reason = BedrockJson.Text(ref reader);
                }
                else if (reader.ValueTextEquals("usage"u8))
                {
                    reader.Read();
                    usage = BedrockUsage.Read(ref reader);
                }
                else if (reader.ValueTextEquals("additionalModelResponseFields"u8))
                {
                    sequence = BedrockJson.MemberText(ref reader, "stop_sequence"u8);
                }
                else if (reader.ValueTextEquals("serviceTier"u8))
                {
                    tier = BedrockJson.MemberText(ref reader, "type"u8);
                }
                else
                {
                    BedrockJson.PassOver(ref reader);
                }
            }
            // White space may follow; anything else is a fault that this read finds.
            reader.Read();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
        if (!hasMessage || reason.IsEmpty) return false;
        parts.Close(sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, FinishReason = BedrockFinish.Of(reason), Text = sequence });
        if (usage is { } counted) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = counted });
        if (!tier.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.About, Name = tier });
        return true;
    }

    private static bool ReadOutput(ReadOnlySpan<byte> body, scoped ref Utf8JsonReader reader, ref BedrockParts parts, IReplySink sink)
    {
        var hasMessage = false;
        if (!BedrockJson.EntersObject(ref reader)) return false;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("message"u8))
            {
                BedrockJson.PassOver(ref reader);
                continue;
            }
            if (!BedrockJson.EntersObject(ref reader)) continue;
            hasMessage = true;
            while (BedrockJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("content"u8)) ReadContent(body, ref reader, ref parts, sink);
                else BedrockJson.PassOver(ref reader);
            }
        }
        return hasMessage;
    }

    private static void ReadContent(ReadOnlySpan<byte> body, scoped ref Utf8JsonReader reader, ref BedrockParts parts, IReplySink sink)
    {
        if (!BedrockJson.EntersArray(ref reader)) return;
        for (var block = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; block++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            while (BedrockJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("text"u8)) parts.Add(sink, block, PartKind.Text, BedrockJson.Text(ref reader));
                else if (reader.ValueTextEquals("toolUse"u8)) ReadTool(body, ref reader, ref parts, sink, block);
                else if (reader.ValueTextEquals("reasoningContent"u8)) ReadReasoning(ref reader, ref parts, sink, block);
                else if (reader.ValueTextEquals("citationsContent"u8)) ReadCited(ref reader, ref parts, sink, block);
                else BedrockJson.PassOver(ref reader);
            }
            parts.Close(sink);
        }
    }

    private static void ReadTool(ReadOnlySpan<byte> body, scoped ref Utf8JsonReader reader, ref BedrockParts parts, IReplySink sink, int block)
    {
        if (!BedrockJson.EntersObject(ref reader)) return;
        ReadOnlySpan<byte> id = default, name = default, input = default;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("toolUseId"u8))
            {
                id = BedrockJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = BedrockJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("input"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                input = body[start..(int)reader.BytesConsumed];
            }
            else
            {
                BedrockJson.PassOver(ref reader);
            }
        }
        parts.StartTool(sink, block, id, name);
        if (!Utf8.IsValid(input)) throw new JsonException();
        if (!input.IsEmpty) parts.Add(sink, block, PartKind.ToolCall, JsonText.Of(input).Escaped);
    }

    private static void ReadReasoning(scoped ref Utf8JsonReader reader, ref BedrockParts parts, IReplySink sink, int block)
    {
        if (!BedrockJson.EntersObject(ref reader)) return;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("redactedContent"u8))
            {
                parts.Add(sink, block, PartKind.RedactedThinking, BedrockJson.Text(ref reader));
            }
            else if (reader.ValueTextEquals("reasoningText"u8))
            {
                if (!BedrockJson.EntersObject(ref reader)) continue;
                ReadOnlySpan<byte> thought = default, signature = default;
                while (BedrockJson.NextProperty(ref reader))
                {
                    if (reader.ValueTextEquals("text"u8)) thought = BedrockJson.Text(ref reader);
                    else if (reader.ValueTextEquals("signature"u8)) signature = BedrockJson.Text(ref reader);
                    else BedrockJson.PassOver(ref reader);
                }
                parts.Add(sink, block, PartKind.Thinking, thought);
                parts.Sign(sink, block, signature);
            }
            else
            {
                BedrockJson.PassOver(ref reader);
            }
        }
    }

    // {"content":[{"text":"..."}],"citations":[{...}]}, in either order: sources are told behind the words.
    private static void ReadCited(scoped ref Utf8JsonReader reader, ref BedrockParts parts, IReplySink sink, int block)
    {
        if (!BedrockJson.EntersObject(ref reader)) return;
        var citations = default(Utf8JsonReader);
        var hasCitations = false;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("citations"u8))
            {
                citations = reader;
                hasCitations = true;
                BedrockJson.PassOver(ref reader);
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                if (!BedrockJson.EntersArray(ref reader)) continue;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType != JsonTokenType.StartObject)
                    {
                        reader.Skip();
                        continue;
                    }
                    while (BedrockJson.NextProperty(ref reader))
                    {
                        if (reader.ValueTextEquals("text"u8)) parts.Add(sink, block, PartKind.Text, BedrockJson.Text(ref reader));
                        else BedrockJson.PassOver(ref reader);
                    }
                }
            }
            else
            {
                BedrockJson.PassOver(ref reader);
            }
        }
        if (!hasCitations || !BedrockJson.EntersArray(ref citations)) return;
        while (citations.Read() && citations.TokenType != JsonTokenType.EndArray)
        {
            if (citations.TokenType == JsonTokenType.StartObject) parts.Cite(sink, block, ref citations);
            else citations.Skip();
        }
    }
}
