using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.Responses;

/// <summary>
/// Reads <c>input</c>: a text, or items. What the model said in one turn stands in several items here (thoughts, words, calls); they become one message again,
/// and so do the outputs of calls that were made at once.
/// </summary>
internal static class ResponsesInputReader
{
    /// <summary>Reads the input that the cursor stands at.</summary>
    public static void Read(ref BodyCursor at, ChatRequest request)
    {
        if (at.IsNull) return;
        if (at.IsString)
        {
            request.Messages.Add(new ChatMessage(ChatRole.User, [new TextPart(at.Text())]));
            return;
        }
        if (!at.IsArray) at.Refuse("must be a string or an array of items.");
        if (!at.EnterArray()) return;
        while (at.NextItem()) ReadItem(ref at, request);
    }

    private static void ReadItem(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterObject())
        {
            at.Refuse("must be an item: an object with 'type', or 'role' and 'content'.");
            return;
        }
        var item = new Item();
        while (at.NextField()) ReadField(ref at, request, item);
        if (at.Fault is not null) return;
        switch (item.Type ?? (item.Role is null ? null : "message"))
        {
            case "message":
                AddMessage(ref at, request, item);
                return;
            case "function_call":
                if (item.CallId.IsEmpty || item.Name.IsEmpty) at.Refuse("needs 'call_id' and 'name'.");
                else Assistant(request).Add(new ToolCallPart(item.CallId, item.Name, item.Arguments.IsPresent ? item.Arguments : new("{}"u8.ToArray())));
                return;
            case "function_call_output":
                if (item.CallId.IsEmpty) at.Refuse("needs 'call_id'.");
                else ChatMessageReader.AddResult(request, item.CallId, item.Content);
                return;
            case "reasoning":
                AddThoughts(ref at, request, item);
                return;
            case "item_reference":
                at.Refuse("works only where the upstream is OpenAI, which keeps items. Send the item itself, or choose a model of OpenAI.");
                return;
            default:
                at.Refuse($"is an item of type '{item.Type}', which the provider of this model cannot be sent. Use message, function_call, function_call_output or reasoning.");
                return;
        }
    }

    private static void ReadField(ref BodyCursor at, ChatRequest request, Item item)
    {
        if (at.Is("type"u8)) item.Type = at.Word();
        else if (at.Is("role"u8)) item.Role = at.Word();
        else if (at.Is("content"u8) || at.Is("output"u8)) ResponsesContentReader.Read(ref at, request, item.Content);
        else if (at.Is("call_id"u8)) item.CallId = at.Text();
        else if (at.Is("name"u8)) item.Name = at.Text();
        else if (at.Is("arguments"u8)) item.Arguments = ToolCallReader.ReadArguments(ref at);
        else if (at.Is("summary"u8)) ResponsesContentReader.Read(ref at, request, item.Summary);
        else if (at.Is("encrypted_content"u8)) item.Encrypted = at.Text();
        // Names of things that OpenAI keeps; they say nothing to the model.
        else if (!at.Is("id"u8) && !at.Is("status"u8)) at.Unmapped(request);
    }

    private static void AddMessage(ref BodyCursor at, ChatRequest request, Item item)
    {
        if (item.Content.Count == 0)
        {
            at.Refuse("needs 'content'.");
            return;
        }
        switch (item.Role)
        {
            case "assistant":
                Assistant(request).AddRange(item.Content);
                return;
            case "user":
                request.Messages.Add(new ChatMessage(ChatRole.User, item.Content));
                return;
            case "system":
                request.Messages.Add(new ChatMessage(ChatRole.System, item.Content));
                return;
            case "developer":
                request.Messages.Add(new ChatMessage(ChatRole.Developer, item.Content));
                return;
            default:
                at.Refuse($"has the role '{item.Role}'. Use system, developer, user or assistant.");
                return;
        }
    }

    private static void AddThoughts(ref BodyCursor at, ChatRequest request, Item item)
    {
        // The words where they are given, else their summary.
        var words = Joined(item.Content.Count > 0 ? item.Content : item.Summary);
        var proof = ThoughtEnvelope.Open(item.Encrypted, out var kind);
        switch (kind)
        {
            case ThoughtKind.ToolCall:
                SignLastCall(request, proof);
                return;
            case ThoughtKind.Redacted:
                Assistant(request).Add(new RedactedThinkingPart(proof));
                return;
            case ThoughtKind.Signed:
                Assistant(request).Add(new ThinkingPart(words, proof));
                return;
            default:
                // Sealed by somebody else: only they can open it.
                if (!item.Encrypted.IsEmpty) request.Unmapped.Add(at.Path() + ".encrypted_content");
                if (!words.IsEmpty) Assistant(request).Add(new ThinkingPart(words, default));
                return;
        }
    }

    private static void SignLastCall(ChatRequest request, JsonText proof)
    {
        if (request.Messages is [.., { Role: ChatRole.Assistant, Parts: [.., ToolCallPart call] parts }]) parts[^1] = call with { Signature = proof };
    }

    private static List<ContentPart> Assistant(ChatRequest request)
    {
        if (request.Messages is not [.., { Role: ChatRole.Assistant } turn]) request.Messages.Add(turn = new ChatMessage(ChatRole.Assistant, []));
        return turn.Parts;
    }

    private static JsonText Joined(List<ContentPart> parts)
    {
        if (parts is [TextPart only]) return only.Text;
        var joined = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var part in parts)
        {
            if (part is not TextPart text) continue;
            System.Buffers.BuffersExtensions.Write(joined, joined.WrittenCount > 0 ? "\\n\\n"u8 : ""u8);
            System.Buffers.BuffersExtensions.Write(joined, text.Text.Escaped);
        }
        return JsonText.CopyOfEscaped(joined.WrittenSpan);
    }

    private sealed class Item
    {
        public string? Type { get; set; }

        public string? Role { get; set; }

        public JsonText CallId { get; set; }

        public JsonText Name { get; set; }

        public JsonRaw Arguments { get; set; }

        public JsonText Encrypted { get; set; }

        public List<ContentPart> Content { get; } = [];

        public List<ContentPart> Summary { get; } = [];
    }
}
