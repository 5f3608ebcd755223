using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Writes one part of a message as a content block. What the API cannot take refuses: content is never left out.</summary>
internal static class AnthropicBlockWriter
{
    /// <summary>Whether there is anything to write. The API refuses empty texts, and thoughts that it cannot prove to be its own.</summary>
    public static bool IsSayable(ContentPart part, DroppedFields dropped)
    {
        switch (part)
        {
            case TextPart { Text.IsEmpty: true } or RefusalPart { Text.IsEmpty: true } or RedactedThinkingPart { Data.IsEmpty: true }:
                return false;
            case ThinkingPart { Signature.IsEmpty: true } thinking:
                dropped.AddIf(!thinking.Text.IsEmpty, "messages.reasoning_content");
                return false;
            default:
                return true;
        }
    }

    /// <summary>Writes a part; null = it was written.</summary>
    public static Refusal? Write(ContentPart part, int message, Utf8JsonWriter writer, DroppedFields dropped)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text, text.Cache, writer);
                return null;
            case RefusalPart refusal:
                WriteText(refusal.Text, refusal.Cache, writer);
                return null;
            case ImagePart image:
                dropped.AddIf(image.Detail is not (null or "auto"), "image_url.detail");
                return AnthropicMediaWriter.WriteImage(image, message, writer);
            case DocumentPart document:
                return AnthropicMediaWriter.WriteDocument(document, message, writer);
            case ToolCallPart call:
                return WriteCall(call, message, writer);
            case ToolResultPart result:
                return WriteResult(result, message, writer, dropped);
            case ThinkingPart thinking:
                writer.WriteStartObject();
                writer.WriteString("type"u8, "thinking"u8);
                writer.WriteText("thinking"u8, thinking.Text);
                writer.WriteText("signature"u8, thinking.Signature);
                writer.WriteEndObject();
                return null;
            case RedactedThinkingPart redacted:
                writer.WriteStartObject();
                writer.WriteString("type"u8, "redacted_thinking"u8);
                writer.WriteText("data"u8, redacted.Data);
                writer.WriteEndObject();
                return null;
            case AudioPart:
                return Refusal.UnsupportedParameter("The provider of this model takes no audio. Choose a model that hears, or send the text.", PathOf(message));
            default:
                return Refusal.UnsupportedParameter("The provider of this model cannot take this kind of content.", PathOf(message));
        }
    }

    /// <summary>Where the content of a message stands in the caller's body.</summary>
    public static string PathOf(int message) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"messages[{message}].content");

    /// <summary>Writes words.</summary>
    public static void WriteText(JsonText text, CacheMarker? cache, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteText("text"u8, text);
        AnthropicConversationWriter.WriteCache(cache, writer);
        writer.WriteEndObject();
    }

    private static Refusal? WriteCall(ToolCallPart call, int message, Utf8JsonWriter writer)
    {
        if (call.Id.IsEmpty) return Refusal.InvalidRequest("A tool call has no id, by which its result could be found. Send the id that the model gave.", PathOf(message));
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_use"u8);
        WriteId("id"u8, call.Id, writer);
        writer.WriteText("name"u8, call.Name);
        writer.WritePropertyName("input"u8);
        if (call.Arguments.IsPresent) call.Arguments.WriteTo(writer);
        else writer.WriteRawValue("{}"u8, skipInputValidation: true);
        AnthropicConversationWriter.WriteCache(call.Cache, writer);
        writer.WriteEndObject();
        return null;
    }

    private static Refusal? WriteResult(ToolResultPart result, int message, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (result.CallId.IsEmpty) return Refusal.InvalidRequest("A tool result does not say which call it answers. Send the id of the call.", PathOf(message));
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_result"u8);
        WriteId("tool_use_id"u8, result.CallId, writer);
        var isOpen = false;
        foreach (var part in result.Content)
        {
            if (part is not (TextPart or ImagePart or DocumentPart))
                return Refusal.UnsupportedParameter("The provider takes text, images and documents in tool results, and nothing else.", PathOf(message));
            if (!IsSayable(part, dropped)) continue;
            if (!isOpen) writer.WriteStartArray("content"u8);
            isOpen = true;
            if (Write(part, message, writer, dropped) is { } refusal) return refusal;
        }
        if (isOpen) writer.WriteEndArray();
        if (result.IsError) writer.WriteBoolean("is_error"u8, true);
        AnthropicConversationWriter.WriteCache(result.Cache, writer);
        writer.WriteEndObject();
        return null;
    }

    /// <summary>The API takes letters, digits, underscore and hyphen in ids; other providers' ids have more. The same id becomes the same on both sides.</summary>
    private static void WriteId(ReadOnlySpan<byte> name, JsonText id, Utf8JsonWriter writer)
    {
        var isClean = true;
        foreach (var b in id.Escaped) isClean &= IsIdByte(b);
        if (isClean)
        {
            writer.WriteText(name, id);
            return;
        }
        // Ids are short; one that is not stays what it is, for the provider to refuse.
        var decoded = id.Decoded().ToArray();
        for (var i = 0; i < decoded.Length; i++)
            if (!IsIdByte(decoded[i])) decoded[i] = (byte)'_';
        writer.WriteString(name, decoded);
    }

    private static bool IsIdByte(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-';
}
