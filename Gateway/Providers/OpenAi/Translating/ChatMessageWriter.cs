using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>Writes the conversation.</summary>
internal sealed class ChatMessageWriter(OpenAiVendor vendor, Utf8JsonWriter writer, DroppedFields dropped)
{
    private readonly ChatPartWriter parts = new(vendor, writer, dropped);

    /// <summary>Writes <c>messages</c>; returns why they cannot be written.</summary>
    public Refusal? WriteAll(ChatRequest request)
    {
        writer.WriteStartArray("messages"u8);
        for (var i = 0; i < request.Messages.Count; i++)
            if (Write(request.Messages[i], i) is { } refusal) return refusal;
        writer.WriteEndArray();
        return null;
    }

    private Refusal? Write(ChatMessage message, int index)
    {
        switch (message.Role)
        {
            case ChatRole.Assistant:
                return WriteAssistant(message, index);
            case ChatRole.Tool:
                return WriteResults(message, index);
            default:
                writer.WriteStartObject();
                writer.WriteString("role"u8, message.Role switch
                {
                    ChatRole.User => "user"u8,
                    ChatRole.Developer when vendor.DeveloperRole => "developer"u8,
                    _ => "system"u8,
                });
                writer.WriteTextIfAny("name"u8, message.Name);
                writer.WritePropertyName("content"u8);
                if (parts.WriteContent(message.Parts, index) is { } refusal) return refusal;
                writer.WriteEndObject();
                return null;
        }
    }

    private Refusal? WriteAssistant(ChatMessage message, int index)
    {
        var words = message.Parts.FindAll(part => part is TextPart);
        writer.WriteStartObject();
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteTextIfAny("name"u8, message.Name);
        writer.WritePropertyName("content"u8);
        if (words.Count == 0) writer.WriteNullValue();
        else if (parts.WriteContent(words, index) is { } refusal) return refusal;

        var hasCalls = false;
        for (var i = 0; i < message.Parts.Count; i++)
        {
            switch (message.Parts[i])
            {
                case TextPart or ThinkingPart or RedactedThinkingPart:
                    break;
                case RefusalPart refused:
                    writer.WriteText("refusal"u8, refused.Text);
                    break;
                case ToolCallPart:
                    hasCalls = true;
                    break;
                default:
                    return ChatPartWriter.Cannot($"messages[{index}].content[{i}]", "an answer of the model can hold text and tool calls only");
            }
        }
        if (hasCalls) WriteCalls(message);
        WriteThoughts(message);
        writer.WriteEndObject();
        return null;
    }

    private void WriteCalls(ChatMessage message)
    {
        writer.WriteStartArray("tool_calls"u8);
        foreach (var part in message.Parts)
        {
            if (part is not ToolCallPart call) continue;
            writer.WriteStartObject();
            WriteCallId("id"u8, call.Id);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteText("name"u8, call.Name);
            writer.WriteString("arguments"u8, call.Arguments.IsPresent ? call.Arguments.Bytes.Span : "{}"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            dropped.AddIf(!call.Signature.IsEmpty, "thought_signature");
            dropped.AddIf(call.Cache is not null, "cache_control");
        }
        writer.WriteEndArray();
    }

    private void WriteThoughts(ChatMessage message)
    {
        if (!message.Parts.Exists(part => part is ThinkingPart or RedactedThinkingPart)) return;
        switch (vendor.ReasoningHistory)
        {
            case ReasoningHistory.None:
                dropped.Add("reasoning_content");
                return;
            case ReasoningHistory.Details:
                writer.WriteStartArray("reasoning_details"u8);
                foreach (var part in message.Parts) WriteDetail(part);
                writer.WriteEndArray();
                return;
            default:
                dropped.AddIf(message.Parts.Exists(part => part is RedactedThinkingPart or ThinkingPart { Signature.IsEmpty: false }), "reasoning_details");
                var words = ChatPartWriter.Joined(message.Parts, part => part is ThinkingPart thinking ? thinking.Text : default);
                if (!words.IsEmpty) writer.WriteText(vendor.ReasoningHistory == ReasoningHistory.Content ? "reasoning_content"u8 : "reasoning"u8, words);
                return;
        }
    }

    private void WriteDetail(ContentPart part)
    {
        switch (part)
        {
            case ThinkingPart thinking:
                writer.WriteStartObject();
                writer.WriteString("type"u8, "reasoning.text"u8);
                writer.WriteText("text"u8, thinking.Text);
                writer.WriteTextIfAny("signature"u8, thinking.Signature);
                writer.WriteEndObject();
                break;
            case RedactedThinkingPart redacted:
                writer.WriteStartObject();
                writer.WriteString("type"u8, "reasoning.encrypted"u8);
                writer.WriteText("data"u8, redacted.Data);
                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>
    /// A tool's message takes text only. What else a tool answered follows in a user's message behind all results of the turn, under a line that names
    /// the call: the model sees everything, in the order in which OpenAI allows it (decision 0075).
    /// </summary>
    private Refusal? WriteResults(ChatMessage message, int index)
    {
        var hasMore = false;
        foreach (var part in message.Parts)
        {
            if (part is not ToolResultPart result) return ChatPartWriter.Cannot($"messages[{index}]", "a turn of tool results can hold nothing else");
            writer.WriteStartObject();
            writer.WriteString("role"u8, "tool"u8);
            WriteCallId("tool_call_id"u8, result.CallId);
            WriteResultText(result, ref hasMore);
            writer.WriteEndObject();
            dropped.AddIf(result.IsError, "is_error");
        }
        return hasMore ? WriteFollowing(message, index) : null;
    }

    private void WriteResultText(ToolResultPart result, ref bool hasMore)
    {
        var words = result.Content.FindAll(part => part is TextPart);
        var isMore = words.Count < result.Content.Count;
        hasMore |= isMore;
        if (words.Count == 0)
        {
            writer.WriteString("content"u8, isMore ? "The result is in the next message."u8 : ""u8);
            return;
        }
        writer.WritePropertyName("content"u8);
        parts.WriteContent(words, 0);
    }

    private Refusal? WriteFollowing(ChatMessage message, int index)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "user"u8);
        writer.WriteStartArray("content"u8);
        foreach (var part in message.Parts)
        {
            if (part is not ToolResultPart result || result.Content.TrueForAll(piece => piece is TextPart)) continue;
            writer.WriteStartObject();
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, $"Result of tool call {IdOf(result.CallId)}:");
            writer.WriteEndObject();
            foreach (var piece in result.Content)
                if (piece is not TextPart && parts.WritePart(piece, $"messages[{index}].content") is { } refusal) return refusal;
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        return null;
    }

    private void WriteCallId(ReadOnlySpan<byte> field, JsonText id)
    {
        if (vendor.ShortToolIds) writer.WriteString(field, ShortToolId.Of(id));
        else writer.WriteText(field, id);
    }

    private string IdOf(JsonText id) => vendor.ShortToolIds ? ShortToolId.Of(id) : id.ToString();
}
