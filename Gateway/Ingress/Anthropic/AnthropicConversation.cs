using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>Reads <c>system</c> and <c>messages</c>. Results of tools stand among a user's words there and are messages of their own here, in the same order.</summary>
internal static class AnthropicConversation
{
    /// <summary>Fills the messages; null = they are acceptable.</summary>
    public static Refusal? Read(in AnthropicParameters.Parts parts, JsonSource source, ChatRequest request)
    {
        if (parts.System.ValueKind != JsonValueKind.Undefined && ReadSystem(parts.System, source, request) is { } fault) return fault;
        if (parts.Messages.ValueKind != JsonValueKind.Array) return Refusal.InvalidRequest("Field 'messages' must be an array.", "messages");
        var index = 0;
        foreach (var message in parts.Messages.EnumerateArray())
            if (ReadMessage(message, index++, source, request) is { } refusal) return refusal;
        if (parts.Cache is { } cache) MarkLast(request, cache);
        return null;
    }

    private static Refusal? ReadSystem(JsonElement system, JsonSource source, ChatRequest request)
    {
        var parts = new List<ContentPart>();
        if (new AnthropicBlocks(source, request, "system").ReadAll(system, parts) is { } refusal) return refusal;
        if (parts.Exists(part => part is not TextPart)) return Refusal.InvalidRequest("Field 'system' must be a string or an array of text blocks.", "system");
        if (parts.Count > 0) request.Messages.Add(new(ChatRole.System, parts));
        return null;
    }

    private static Refusal? ReadMessage(JsonElement message, int index, JsonSource source, ChatRequest request)
    {
        var path = new AnthropicBlocks(source, request, "messages", index);
        if (message.ValueKind != JsonValueKind.Object) return Refusal.InvalidRequest($"Field 'messages[{index}]' must be an object.", $"messages[{index}]");
        ChatRole? role = null;
        JsonElement content = default;
        foreach (var property in message.EnumerateObject())
        {
            if (property.NameEquals("role"u8)) role = RoleOf(property.Value);
            else if (property.NameEquals("content"u8)) content = property.Value;
            else request.Unmapped.Add($"messages[{index}].{property.Name}");
        }
        if (role is not { } speaker)
            return Refusal.InvalidRequest($"Field 'messages[{index}].role' must be 'user' or 'assistant'.", $"messages[{index}].role");
        var parts = new List<ContentPart>();
        if (path.ReadAll(content, parts) is { } refusal) return refusal;
        if (speaker == ChatRole.Assistant) ToolSignature.Attach(parts);
        if (Misplaced(speaker, parts) is { } kind)
            return Refusal.InvalidRequest($"A {kind} block cannot stand in a message of role '{speaker.ToString().ToLowerInvariant()}'.", $"messages[{index}].content");
        if (speaker == ChatRole.User && parts.Exists(part => part is ToolResultPart)) Split(parts, request);
        else if (parts.Count > 0) request.Messages.Add(new(speaker, parts));
        return null;
    }

    private static ChatRole? RoleOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        if (value.ValueEquals("user"u8)) return ChatRole.User;
        if (value.ValueEquals("assistant"u8)) return ChatRole.Assistant;
        return value.ValueEquals("system"u8) ? ChatRole.System : null;
    }

    private static string? Misplaced(ChatRole role, List<ContentPart> parts)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case ToolResultPart when role != ChatRole.User:
                    return "tool_result";
                case ToolCallPart when role != ChatRole.Assistant:
                    return "tool_use";
                case ThinkingPart or RedactedThinkingPart when role != ChatRole.Assistant:
                    return "thinking";
                case ImagePart or DocumentPart when role == ChatRole.System:
                    return "media";
            }
        }
        return null;
    }

    private static void Split(List<ContentPart> parts, ChatRequest request)
    {
        for (var start = 0; start < parts.Count;)
        {
            var isResult = parts[start] is ToolResultPart;
            var end = start + 1;
            while (end < parts.Count && parts[end] is ToolResultPart == isResult) end++;
            request.Messages.Add(new(isResult ? ChatRole.Tool : ChatRole.User, parts[start..end]));
            start = end;
        }
    }

    private static void MarkLast(ChatRequest request, CacheMarker cache)
    {
        if (request.Messages is not [.., var last]) return;
        var at = last.Parts.FindLastIndex(part => part is not (ThinkingPart or RedactedThinkingPart));
        if (at >= 0 && last.Parts[at].Cache is null) last.Parts[at] = last.Parts[at] with { Cache = cache };
    }
}
