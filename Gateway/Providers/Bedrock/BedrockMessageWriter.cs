using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// Writes <c>system</c> and <c>messages</c> (API reference, "Message", "ContentBlock"). Instructions stand apart from the conversation, whose turns
/// alternate: neighbours of one side become one turn, results of tools are the user's.
/// </summary>
internal static class BedrockMessageWriter
{
    /// <summary>Writes both; the writer stands in the body's object.</summary>
    public static Refusal? Write(ChatRequest request, in BedrockModel model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (WriteSystem(request, model, writer, dropped) is { } refusal) return refusal;
        var documents = new BedrockDocumentNames();
        bool? isUser = null;
        writer.WriteStartArray("messages"u8);
        foreach (var message in request.Messages)
        {
            if (message.Role is ChatRole.System or ChatRole.Developer) continue;
            dropped.AddIf(!message.Name.IsEmpty, "messages[].name");
            foreach (var part in message.Parts)
            {
                if (IsNothing(part, model, dropped)) continue;
                dropped.AddIf(part is ImagePart { Detail: not null and not "auto" }, "detail");
                if (isUser != (message.Role != ChatRole.Assistant))
                {
                    if (isUser is not null) EndTurn(writer);
                    isUser = message.Role != ChatRole.Assistant;
                    writer.WriteStartObject();
                    writer.WriteString("role"u8, isUser.Value ? "user"u8 : "assistant"u8);
                    writer.WriteStartArray("content"u8);
                }
                if (WritePart(part, documents, writer) is { } unsayable) return unsayable;
                WriteCachePoint(part.Cache, model, writer, dropped);
            }
        }
        if (isUser is not null) EndTurn(writer);
        writer.WriteEndArray();
        return null;
    }

    /// <summary>Writes where a cache may end, for models that have one; only Claude's can be told how long it lives.</summary>
    public static void WriteCachePoint(CacheMarker? cache, in BedrockModel model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (cache is null) return;
        if (!model.TakesCachePoints)
        {
            dropped.Add("cache_control");
            return;
        }
        writer.WriteStartObject();
        writer.WriteStartObject("cachePoint"u8);
        writer.WriteString("type"u8, "default"u8);
        var takesTtl = model.Family is BedrockFamily.Anthropic or BedrockFamily.Other;
        if (cache.Ttl is { } ttl && takesTtl) writer.WriteString("ttl"u8, ttl);
        dropped.AddIf(cache.Ttl is not null and not "5m" && !takesTtl, "cache_control.ttl");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static Refusal? WriteSystem(ChatRequest request, in BedrockModel model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var isOpen = false;
        foreach (var message in request.Messages)
        {
            if (message.Role is not (ChatRole.System or ChatRole.Developer)) continue;
            foreach (var part in message.Parts)
            {
                if (part is not TextPart words) return Refusal.InvalidRequest("Amazon Bedrock takes nothing but text in system messages. Put it into a user message.", "messages");
                if (words.Text.IsEmpty) continue;
                if (!isOpen) writer.WriteStartArray("system"u8);
                isOpen = true;
                WriteWords(words.Text, writer);
                WriteCachePoint(part.Cache, model, writer, dropped);
            }
        }
        if (isOpen) writer.WriteEndArray();
        return null;
    }

    // Empty words are refused there and say nothing. Thoughts without their proof are refused by Claude and unknown to most others.
    private static bool IsNothing(ContentPart part, in BedrockModel model, DroppedFields dropped)
    {
        switch (part)
        {
            case TextPart { Text.IsEmpty: true } or RefusalPart { Text.IsEmpty: true }:
                return true;
            case ThinkingPart thinking when model.Family == BedrockFamily.Anthropic ? thinking.Signature.IsEmpty : model.Family != BedrockFamily.Nova2 || thinking.Text.IsEmpty:
                dropped.Add("reasoning_content");
                return true;
            case RedactedThinkingPart when model.Family is not (BedrockFamily.Anthropic or BedrockFamily.Nova2):
                dropped.Add("reasoning_details");
                return true;
            default:
                return false;
        }
    }

    private static Refusal? WritePart(ContentPart part, BedrockDocumentNames documents, Utf8JsonWriter writer)
    {
        switch (part)
        {
            case TextPart words:
                WriteWords(words.Text, writer);
                return null;
            case RefusalPart refusal:
                WriteWords(refusal.Text, writer);
                return null;
            case ToolCallPart call:
                WriteCall(call, writer);
                return null;
            case ToolResultPart result:
                return WriteResult(result, documents, writer);
            case ThinkingPart thinking:
                WriteThinking(thinking, writer);
                return null;
            case RedactedThinkingPart redacted:
                writer.WriteStartObject();
                writer.WriteStartObject("reasoningContent"u8);
                writer.WriteText("redactedContent"u8, redacted.Data);
                writer.WriteEndObject();
                writer.WriteEndObject();
                return null;
            default:
                return BedrockMediaWriter.Write(part, documents, writer);
        }
    }

    private static void WriteWords(JsonText text, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        writer.WriteEndObject();
    }

    private static void WriteThinking(ThinkingPart thinking, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("reasoningContent"u8);
        writer.WriteStartObject("reasoningText"u8);
        writer.WriteText("text"u8, thinking.Text);
        writer.WriteTextIfAny("signature"u8, thinking.Signature);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteCall(ToolCallPart call, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolUse"u8);
        WriteId(call.Id, writer);
        writer.WriteText("name"u8, call.Name);
        if (call.Arguments.IsPresent) writer.WriteRaw("input"u8, call.Arguments);
        else writer.WriteRaw("input"u8, JsonRaw.CopyOf("{}"u8));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static Refusal? WriteResult(ToolResultPart result, BedrockDocumentNames documents, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolResult"u8);
        WriteId(result.CallId, writer);
        writer.WriteStartArray("content"u8);
        foreach (var part in result.Content)
        {
            switch (part)
            {
                case TextPart { Text.IsEmpty: true }:
                    break;
                case TextPart words:
                    WriteWords(words.Text, writer);
                    break;
                case ImagePart or DocumentPart:
                    if (BedrockMediaWriter.Write(part, documents, writer) is { } refusal) return refusal;
                    break;
                default:
                    return Refusal.InvalidRequest("Amazon Bedrock takes text, images and documents as a tool's result, nothing else.", "messages");
            }
        }
        writer.WriteEndArray();
        if (result.IsError) writer.WriteString("status"u8, "error"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    // Ids there are 1 to 64 of [a-zA-Z0-9_-]. One of another form (from another provider) becomes the same stand-in in the call and in its result.
    private static void WriteId(JsonText id, Utf8JsonWriter writer)
    {
        var escaped = id.Escaped;
        var isPlain = escaped.Length is > 0 and <= 64;
        foreach (var c in escaped) isPlain &= char.IsAsciiLetterOrDigit((char)c) || c is (byte)'_' or (byte)'-';
        if (isPlain)
        {
            writer.WriteText("toolUseId"u8, id);
            return;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id.Decoded().Span, hash);
        writer.WriteString("toolUseId"u8, "call_" + Convert.ToHexStringLower(hash[..16]));
    }

    private static void EndTurn(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
