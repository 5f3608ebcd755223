using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>
/// Writes the conversation: instructions as <c>system</c> blocks, adjacent messages of one role as one, tool results as the user's words in front of
/// what the user says next (Anthropic, "Messages", messages and system; "Tool use").
/// </summary>
internal static class AnthropicConversationWriter
{
    /// <summary>Writes <c>system</c> and <c>messages</c>; null = they were written.</summary>
    public static Refusal? Write(ChatRequest request, Utf8JsonWriter writer, DroppedFields dropped) =>
        WriteSystem(request, writer) ?? WriteMessages(request, writer, dropped);

    /// <summary>Writes where a prompt cache may end.</summary>
    public static void WriteCache(CacheMarker? marker, Utf8JsonWriter writer)
    {
        if (marker is null) return;
        writer.WriteStartObject("cache_control"u8);
        writer.WriteString("type"u8, "ephemeral"u8);
        if (marker.Ttl is not null) writer.WriteString("ttl"u8, marker.Ttl);
        writer.WriteEndObject();
    }

    private static bool IsSystem(ChatMessage message) => message.Role is ChatRole.System or ChatRole.Developer;

    private static Refusal? WriteSystem(ChatRequest request, Utf8JsonWriter writer)
    {
        var isOpen = false;
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (!IsSystem(message)) continue;
            foreach (var part in message.Parts)
            {
                if (part is not TextPart text)
                    return Refusal.UnsupportedParameter("The provider takes only text in system and developer messages. Move the rest into a user message.", $"messages[{i}].content");
                if (text.Text.IsEmpty) continue;
                if (!isOpen) writer.WriteStartArray("system"u8);
                isOpen = true;
                AnthropicBlockWriter.WriteText(text.Text, text.Cache, writer);
            }
        }
        if (isOpen) writer.WriteEndArray();
        return null;
    }

    private static Refusal? WriteMessages(ChatRequest request, Utf8JsonWriter writer, DroppedFields dropped)
    {
        writer.WriteStartArray("messages"u8);
        ChatRole? open = null;
        for (var i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            if (IsSystem(message)) continue;
            dropped.AddIf(!message.Name.IsEmpty, "messages.name");
            var role = message.Role == ChatRole.Assistant ? ChatRole.Assistant : ChatRole.User;
            foreach (var part in message.Parts)
            {
                if (!AnthropicBlockWriter.IsSayable(part, dropped)) continue;
                if (open != role)
                {
                    if (open is not null) CloseMessage(writer);
                    OpenMessage(role, writer);
                    open = role;
                }
                if (AnthropicBlockWriter.Write(part, i, writer, dropped) is { } refusal) return refusal;
            }
        }
        if (open is null)
            return Refusal.InvalidRequest("The provider needs at least one message that says something, beside the system's. Send a user message.", "messages");
        CloseMessage(writer);
        writer.WriteEndArray();
        return null;
    }

    private static void OpenMessage(ChatRole role, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role == ChatRole.Assistant ? "assistant"u8 : "user"u8);
        writer.WriteStartArray("content"u8);
    }

    private static void CloseMessage(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
