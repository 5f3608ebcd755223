using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Reads the messages of a chat request.</summary>
internal static class ChatMessageReader
{
    /// <summary>Reads <c>messages</c>.</summary>
    public static void ReadAll(ref BodyCursor at, ChatRequest request)
    {
        request.Messages.Clear();
        if (!at.EnterArray()) return;
        var legacyCalls = 0;
        while (at.NextItem()) Read(ref at, request, ref legacyCalls);
    }

    private static void Read(ref BodyCursor at, ChatRequest request, ref int legacyCalls)
    {
        if (!at.EnterObject())
        {
            at.Refuse("must be a message: an object with 'role' and 'content'.");
            return;
        }
        var message = new Draft();
        while (at.NextField())
        {
            if (at.Is("role"u8)) message.Role = at.Word();
            else if (at.Is("content"u8)) ContentReader.Read(ref at, request, message.Parts);
            else if (at.Is("name"u8)) message.Name = at.Text();
            else if (at.Is("tool_call_id"u8)) message.CallId = at.Text();
            else if (at.Is("tool_calls"u8)) ToolCallReader.ReadAll(ref at, request, message.Calls);
            else if (at.Is("function_call"u8) && !at.IsNull) ToolCallReader.ReadLegacy(ref at, request, LegacyId(++legacyCalls), message.Calls);
            else if (at.Is("refusal"u8)) message.Refusal = at.Text();
            else if (at.Is("reasoning_content"u8) || (at.Is("reasoning"u8) && at.IsString)) message.Thoughts = at.Text();
            else if (at.Is("reasoning_details"u8)) ThoughtReader.ReadDetails(ref at, request, message.Details);
            else if (at.Is("cache_control"u8)) message.Cache = ContentReader.ReadCache(ref at);
            else if (at.Is("audio"u8) && !at.IsNull) at.Refuse("names sound that only OpenAI can look up. Send its transcript as content.");
            // An answer that is sent back brings its sources along; they say nothing to the model.
            else if (!at.Is("annotations"u8)) at.Unmapped(request);
        }
        if (at.Fault is null) Complete(ref at, message, request, legacyCalls);
    }

    private static void Complete(ref BodyCursor at, Draft message, ChatRequest request, int legacyCalls)
    {
        if (message.Cache is { } cache && message.Parts is [.., var last]) message.Parts[^1] = last with { Cache = cache };
        switch (message.Role)
        {
            case "system":
                AddTurn(ref at, ChatRole.System, message, request);
                return;
            case "developer":
                AddTurn(ref at, ChatRole.Developer, message, request);
                return;
            case "user":
                AddTurn(ref at, ChatRole.User, message, request);
                return;
            case "assistant":
                ThoughtReader.Merge(message.Thoughts, message.Details);
                message.Parts.InsertRange(0, message.Details);
                if (!message.Refusal.IsEmpty) message.Parts.Add(new RefusalPart(message.Refusal));
                message.Parts.AddRange(message.Calls);
                AddTurn(ref at, ChatRole.Assistant, message, request);
                return;
            case "tool":
                if (message.CallId.IsEmpty) at.Refuse("is a tool's message without 'tool_call_id'.");
                else AddResult(request, message.CallId, message.Parts);
                return;
            case "function":
                AddResult(request, LegacyId(legacyCalls), message.Parts);
                return;
            default:
                at.Refuse($"has the role '{message.Role}'. Use system, developer, user, assistant or tool.");
                return;
        }
    }

    private static void AddTurn(ref BodyCursor at, ChatRole role, Draft message, ChatRequest request)
    {
        if (message.Parts.Count == 0) at.Refuse(role == ChatRole.Assistant ? "needs 'content', 'refusal' or 'tool_calls'." : "needs 'content'.");
        else request.Messages.Add(new ChatMessage(role, message.Parts) { Name = message.Name });
    }

    /// <summary>Results of calls that were made at once stand in messages of their own here; together they are one turn.</summary>
    internal static void AddResult(ChatRequest request, JsonText callId, List<ContentPart> content)
    {
        var cache = content is [.., { Cache: { } marker }] ? marker : null;
        if (request.Messages is not [.., { Role: ChatRole.Tool } turn]) request.Messages.Add(turn = new ChatMessage(ChatRole.Tool, []));
        turn.Parts.Add(new ToolResultPart(callId, content) { Cache = cache });
    }

    private static JsonText LegacyId(int number) => JsonText.Of($"call_{Math.Max(1, number)}");

    private sealed class Draft
    {
        public List<ContentPart> Parts { get; } = [];

        public List<ContentPart> Calls { get; } = [];

        public List<ContentPart> Details { get; } = [];

        public string? Role { get; set; }

        public JsonText Name { get; set; }

        public JsonText CallId { get; set; }

        public JsonText Refusal { get; set; }

        public JsonText Thoughts { get; set; }

        public CacheMarker? Cache { get; set; }
    }
}
