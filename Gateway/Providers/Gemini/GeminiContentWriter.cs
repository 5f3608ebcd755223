using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Writes the conversation: instructions to <c>systemInstruction</c>, the rest to <c>contents</c>, whose neighbours of one role are one turn. Results of tools
/// are the user's turn and name the function instead of the call only, so calls are remembered by their id on the way.
/// </summary>
internal sealed class GeminiContentWriter(GeminiModelFamily family, bool isVertex, Utf8JsonWriter writer, DroppedFields dropped)
{
    /// <summary>What stands in for a proof that another provider's model could not give (Gemini API, "Thought signatures", FAQ).</summary>
    private static readonly JsonText NoSignature = JsonText.Of("skip_thought_signature_validator"u8);

    private readonly GeminiMediaWriter media = new(isVertex, writer, dropped);
    private readonly Dictionary<string, JsonText> toolsById = [];
    private bool isUser, isUserTurn, isTurnOpen, hasTurns;

    /// <summary>Writes both properties; a part that the API has no place for refuses.</summary>
    public Refusal? Write(List<ChatMessage> messages)
    {
        var hasConversation = messages.Exists(static message => !IsInstruction(message));
        if (hasConversation && WriteInstructions(messages) is { } unfit) return unfit;
        writer.WriteStartArray("contents"u8);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            dropped.AddIf(!message.Name.IsEmpty && message.Role != ChatRole.Tool, "name");
            // Without a conversation the instructions are what shall be answered: the API insists on a turn.
            if (IsInstruction(message) && hasConversation) continue;
            if (WriteMessage(message, $"messages[{i}]") is { } refusal) return refusal;
        }
        CloseTurn();
        writer.WriteEndArray();
        return hasTurns ? null : Refusal.InvalidRequest("The conversation has no words. This model's provider needs at least one message with content.", "messages");
    }

    private static bool IsInstruction(ChatMessage message) => message.Role is ChatRole.System or ChatRole.Developer;

    private Refusal? WriteInstructions(List<ChatMessage> messages)
    {
        var isOpen = false;
        for (var i = 0; i < messages.Count; i++)
        {
            if (!IsInstruction(messages[i])) continue;
            foreach (var part in messages[i].Parts)
            {
                NoteCache(part);
                if (part is not TextPart { Text: var text })
                    return Refusal.InvalidRequest("This model's provider takes only text in system and developer messages.", $"messages[{i}].content");
                if (text.IsEmpty) continue;
                if (!isOpen)
                {
                    isOpen = true;
                    writer.WriteStartObject("systemInstruction"u8);
                    writer.WriteStartArray("parts"u8);
                }
                WriteTextPart(text);
            }
        }
        if (!isOpen) return null;
        writer.WriteEndArray();
        writer.WriteEndObject();
        return null;
    }

    private Refusal? WriteMessage(ChatMessage message, string path)
    {
        isUser = message.Role != ChatRole.Assistant;
        return isUser ? WriteUser(message, path) : WriteAssistant(message, path);
    }

    private Refusal? WriteUser(ChatMessage message, string path)
    {
        for (var i = 0; i < message.Parts.Count; i++)
        {
            var part = message.Parts[i];
            NoteCache(part);
            var partPath = $"{path}.content[{i}]";
            Refusal? refusal = null;
            switch (part)
            {
                case TextPart { Text: var text }:
                    if (text.IsEmpty) continue;
                    OpenTurn();
                    WriteTextPart(text);
                    break;
                case ToolResultPart result:
                    OpenTurn();
                    refusal = WriteToolResult(result, partPath);
                    break;
                case ImagePart or DocumentPart or AudioPart:
                    OpenTurn();
                    refusal = media.WritePart(part, partPath);
                    break;
                default:
                    refusal = Unfit(partPath);
                    break;
            }
            if (refusal is not null) return refusal;
        }
        return null;
    }

    private Refusal? WriteAssistant(ChatMessage message, string path)
    {
        var signatures = new GeminiTextSignatures(message.Parts);
        var isFirstCall = true;
        for (var i = 0; i < message.Parts.Count; i++)
        {
            var part = message.Parts[i];
            NoteCache(part);
            switch (part)
            {
                case TextPart { Text: var text }:
                    WriteSpokenPart(text, signatures.Of(i));
                    break;
                case RefusalPart { Text: var text }:
                    WriteSpokenPart(text, default);
                    break;
                case ThinkingPart { Text: var text }:
                    if (text.IsEmpty) continue;
                    if (!family.Thinks)
                    {
                        dropped.Add("reasoning_content");
                        continue;
                    }
                    OpenTurn();
                    writer.WriteStartObject();
                    writer.WriteText("text"u8, text);
                    writer.WriteBoolean("thought"u8, true);
                    writer.WriteEndObject();
                    break;
                case RedactedThinkingPart { Data: var data }:
                    // Another provider's ciphertext means nothing here, and the API refuses what it cannot open.
                    if (!GeminiTextSignatures.IsOurs(data)) dropped.Add("reasoning_details");
                    else WriteSpokenPart(default, signatures.Of(i));
                    break;
                case ToolCallPart call:
                    if (WriteToolCall(call, isFirstCall, $"{path}.tool_calls") is { } refusal) return refusal;
                    isFirstCall = false;
                    break;
                default:
                    return Unfit($"{path}.content[{i}]");
            }
        }
        return null;
    }

    private void WriteSpokenPart(JsonText text, JsonText signature)
    {
        if (text.IsEmpty && signature.IsEmpty) return;
        OpenTurn();
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        writer.WriteTextIfAny("thoughtSignature"u8, signature);
        writer.WriteEndObject();
    }

    private Refusal? WriteToolCall(ToolCallPart call, bool isFirst, string path)
    {
        var arguments = call.Arguments.Bytes.Span.TrimStart(" \t\r\n"u8);
        if (!arguments.IsEmpty && arguments[0] != '{') return Refusal.InvalidRequest("The arguments of a tool call must be a JSON object for this model's provider.", path);
        toolsById[call.Id.ToString()] = call.Name;
        OpenTurn();
        writer.WriteStartObject();
        writer.WriteStartObject("functionCall"u8);
        writer.WriteTextIfAny("id"u8, call.Id);
        writer.WriteText("name"u8, call.Name);
        if (arguments.IsEmpty)
        {
            writer.WriteStartObject("args"u8);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteRaw("args"u8, call.Arguments);
        }
        writer.WriteEndObject();
        // Of calls in parallel only the first carries the proof.
        var signature = call.Signature.IsEmpty && isFirst && family.WantsSignatures ? NoSignature : call.Signature;
        writer.WriteTextIfAny("thoughtSignature"u8, signature);
        writer.WriteEndObject();
        return null;
    }

    private Refusal? WriteToolResult(ToolResultPart result, string path)
    {
        if (!toolsById.TryGetValue(result.CallId.ToString(), out var name))
            return Refusal.InvalidRequest("A tool result answers a call that is not in the conversation before it. Send the assistant's message with the tool call as well.", path);
        writer.WriteStartObject();
        writer.WriteStartObject("functionResponse"u8);
        writer.WriteTextIfAny("id"u8, result.CallId);
        writer.WriteText("name"u8, name);
        // The API wants an object; these two keys are the ones that its reference gives a meaning to.
        writer.WriteStartObject("response"u8);
        writer.WriteText(result.IsError ? "error"u8 : "result"u8, GeminiText.Joined(result.Content));
        writer.WriteEndObject();
        if (result.Content.Exists(IsInside))
        {
            writer.WriteStartArray("parts"u8);
            foreach (var part in result.Content)
                if (IsInside(part) && media.WritePart(part, path) is { } unfit) return unfit;
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        // What a result cannot hold stands behind it in the same turn.
        foreach (var part in result.Content)
        {
            NoteCache(part);
            dropped.AddIf(part is DocumentPart { Name.IsEmpty: false } && GeminiText.IsText(part), "filename");
            if (!GeminiText.IsText(part) && !IsInside(part) && media.WritePart(part, path) is { } unfit) return unfit;
        }
        return null;
    }

    /// <summary>Whether a tool's result can hold it: base64 since Gemini 3, addresses at Vertex AI only ("FunctionResponsePart").</summary>
    private bool IsInside(ContentPart part)
    {
        if (!family.TakesMediaInToolResults) return false;
        var form = part switch
        {
            ImagePart image => image.Source.Form,
            DocumentPart { Context.IsEmpty: true } document => document.Source.Form,
            _ => MediaForm.Text,
        };
        return form == MediaForm.Base64 || (isVertex && form == MediaForm.Url);
    }

    private void WriteTextPart(JsonText text)
    {
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        writer.WriteEndObject();
    }

    private void OpenTurn()
    {
        if (isTurnOpen && isUserTurn == isUser) return;
        CloseTurn();
        isUserTurn = isUser;
        isTurnOpen = hasTurns = true;
        writer.WriteStartObject();
        writer.WriteString("role"u8, isUserTurn ? "user"u8 : "model"u8);
        writer.WriteStartArray("parts"u8);
    }

    private void CloseTurn()
    {
        if (!isTurnOpen) return;
        isTurnOpen = false;
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Prefixes are cached without being asked; a marker cannot be passed on.
    private void NoteCache(ContentPart part) => dropped.AddIf(part.Cache is not null, "cache_control");

    private static Refusal Unfit(string path) => Refusal.InvalidRequest("This part of the message has no place in the API of this model's provider.", path);
}
