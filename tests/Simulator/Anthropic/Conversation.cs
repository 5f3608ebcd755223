using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Anthropic;

/// <summary>Reads the messages of a conversation and the blocks in them.</summary>
internal sealed class Conversation(CacheMarks marks, PromptTally tally)
{
    private static readonly FieldNames MessageFields = new("role", "content");

    private static readonly Dictionary<string, FieldNames> BlockFields = new(StringComparer.Ordinal)
    {
        ["text"] = new("type", "text", "cache_control", "citations"),
        ["image"] = new("type", "source", "cache_control"),
        ["document"] = new("type", "source", "title", "context", "citations", "cache_control"),
        ["tool_use"] = new("type", "id", "name", "input", "cache_control", "caller", "toolset_name"),
        ["tool_result"] = new("type", "tool_use_id", "content", "is_error", "cache_control", "toolset_name"),
        ["thinking"] = new("type", "thinking", "signature"),
        ["redacted_thinking"] = new("type", "data"),
    };

    private readonly List<string> pending = [];
    private readonly List<string> answered = [];
    private string lastRole = "";

    /// <summary>The first field that Anthropic does not know.</summary>
    public Refusal? Stranger { get; private set; }

    /// <summary>The fault, or null.</summary>
    public Refusal? Read(JsonElement messages, bool thinks)
    {
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (ReadMessage(message, $"messages.{index}") is { } fault) return fault;
            index++;
        }

        if (Turn("", $"messages.{index - 1}") is { } open) return open;
        return thinks ? ThoughtsKept(messages) : null;
    }

    private static Refusal Fault(string message) => new(400, message);

    private Refusal? ReadMessage(JsonElement message, string at)
    {
        var role = message.TextOf("role");
        // Instructions in the middle of a conversation are allowed; the first message cannot be one.
        if (role == "system" && lastRole.Length == 0)
            return Fault("messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.");
        if (role is not ("user" or "assistant" or "system")) return Fault($"{at}.role: Input should be 'user' or 'assistant'");
        if (MessageFields.Stranger(message) is { } field) Stranger ??= Fault($"{at}.{field}: Extra inputs are not permitted");
        if (role != "system" && Turn(role, at) is { } open) return open;
        tally.Begin(role == "user");
        var content = message.Get("content");
        if (content.AsText() is { } text)
        {
            if (text.Length == 0 && role == "user") return Fault($"{at}: all messages must have non-empty content except for the optional final assistant message");
            tally.AddText(text);
            marks.Add(text);
        }
        else if (content.ValueKind != JsonValueKind.Array) return Fault($"{at}.content: Input should be a valid array");
        else if (content.GetArrayLength() == 0) return Fault($"{at}: all messages must have non-empty content except for the optional final assistant message");
        else
        {
            var index = 0;
            foreach (var block in content.EnumerateArray())
                if (ReadBlock(block, role, $"{at}.content.{index++}") is { } fault) return fault;
        }

        tally.End();
        return null;
    }

    /// <summary>Notes whose turn it is; messages of one role in a row are one turn, and an empty role is the end.</summary>
    private Refusal? Turn(string role, string at)
    {
        if (role == lastRole) return null;
        // Only when the user's turn is over can a result be missing.
        if ((lastRole == "user" || role.Length == 0) && Unanswered(at) is { } open) return open;
        if (role == "assistant")
        {
            pending.Clear();
            answered.Clear();
        }

        lastRole = role;
        return null;
    }

    private Refusal? Unanswered(string at) => pending.Except(answered, StringComparer.Ordinal).ToList() is { Count: > 0 } missing
        ? Fault($"{at}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.")
        : null;

    private Refusal? ReadBlock(JsonElement block, string role, string at)
    {
        var type = block.TextOf("type") ?? "";
        if (role == "system" && type != "text") return Fault($"{at}.type: Input should be 'text'");
        if (!BlockFields.TryGetValue(type, out var known)) return Fault($"{at}.type: Input tag '{type}' found using 'type' does not match any of the expected tags");
        if (known.Stranger(block) is { } field) Stranger ??= Fault($"{at}.{type}.{field}: Extra inputs are not permitted");
        var fault = type switch
        {
            "text" => ReadText(block, at),
            "image" or "document" => ReadMedia(block, type, at),
            "tool_use" => ReadToolUse(block, role, at),
            "tool_result" => ReadToolResult(block, role, at),
            "thinking" => ReadThinking(block, role, at),
            _ => block.Has("data") ? null : Fault($"{at}.redacted_thinking.data: Field required"),
        };
        if (block.Has("cache_control"))
        {
            if (block.Get("cache_control").TextOf("type") != "ephemeral") return Fault($"{at}.{type}.cache_control.type: Input should be 'ephemeral'");
            marks.Mark(block.Get("cache_control").TextOf("ttl"));
        }

        return fault;
    }

    private Refusal? ReadText(JsonElement block, string at)
    {
        if (block.TextOf("text") is not { } text) return Fault($"{at}.text.text: Field required");
        if (text.Length == 0) return Fault("messages: text content blocks must be non-empty");
        if (string.IsNullOrWhiteSpace(text)) return Fault("messages: text content blocks must contain non-whitespace text");
        tally.AddText(text);
        marks.Add(text);
        return null;
    }

    private Refusal? ReadMedia(JsonElement block, string type, string at)
    {
        var source = block.Get("source");
        var media = source.TextOf("media_type");
        var fits = source.TextOf("type") switch
        {
            "base64" when type == "image" => media is "image/jpeg" or "image/png" or "image/gif" or "image/webp" && source.Get("data").IsBase64(),
            "base64" => media == "application/pdf" && source.Get("data").IsBase64(),
            "text" => type == "document" && media == "text/plain" && source.Has("data"),
            "content" => type == "document" && source.Has("content"),
            "url" => source.TextOf("url") is { } url && (url.StartsWith("https://", StringComparison.Ordinal) || url.StartsWith("http://", StringComparison.Ordinal)),
            "file" => source.Has("file_id"),
            _ => false,
        };
        if (!fits) return Fault($"{at}.{type}.source: the source does not fit the type '{source.TextOf("type")}' with media type '{media}'");
        tally.AddMedia();
        marks.Add(source.GetRawText(), isMedia: true);
        return null;
    }

    private Refusal? ReadToolUse(JsonElement block, string role, string at)
    {
        if (role != "assistant") return Fault($"{at}: `tool_use` blocks can only be in `assistant` messages");
        if (block.TextOf("id") is not { Length: > 0 } id || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            return Fault($"{at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
        if (block.TextOf("name") is not { Length: > 0 }) return Fault($"{at}.tool_use.name: Field required");
        if (block.Get("input").ValueKind != JsonValueKind.Object) return Fault($"{at}.tool_use.input: Input should be a valid dictionary");
        if (pending.Contains(id)) return Fault($"{at}: `tool_use` ids must be unique");
        pending.Add(id);
        marks.Add(block.GetRawText());
        tally.AddTokens(SimText.Tokens(block.Get("input").GetRawText()));
        return null;
    }

    private Refusal? ReadToolResult(JsonElement block, string role, string at)
    {
        if (role != "user") return Fault($"{at}: `tool_result` blocks can only be in `user` messages");
        if (block.TextOf("tool_use_id") is not { } id) return Fault($"{at}.tool_result.tool_use_id: Field required");
        if (!pending.Contains(id))
            return Fault($"{at}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
        if (answered.Contains(id)) return Fault($"{at}: each tool_use must have a single result. Found multiple `tool_result` blocks with id: {id}");
        answered.Add(id);
        var content = block.Get("content");
        tally.AddToolResult(content.AsText() ?? "");
        var index = 0;
        foreach (var part in content.Items())
        {
            var here = $"{at}.tool_result.content.{index++}";
            switch (part.TextOf("type"))
            {
                case "text" when part.TextOf("text") is { Length: > 0 } text: tally.AddToolResult(text); break;
                case "text": return Fault("messages: text content blocks must be non-empty");
                case "image" or "document" when ReadMedia(part, part.TextOf("type")!, here) is { } fault: return fault;
                case "image" or "document" or "search_result": break;
                case var type: return Fault($"{here}.type: Input tag '{type}' does not match any of the expected tags");
            }
        }

        marks.Add(content.ValueKind == JsonValueKind.Undefined ? "" : content.GetRawText());
        return null;
    }

    private Refusal? ReadThinking(JsonElement block, string role, string at)
    {
        if (role != "assistant") return Fault($"{at}: `thinking` blocks can only be in `assistant` messages");
        if (block.TextOf("thinking") is not { } thought) return Fault($"{at}.thinking.thinking: Field required");
        if (block.TextOf("signature") is not { } signature) return Fault($"{at}.thinking.signature: Field required");
        if (thought.Length == 0 ? !SimText.IsSignature(signature) : signature != SimText.Signature(thought)) return Fault($"{at}: Invalid `signature` in `thinking` block");
        tally.AddTokens(SimText.Tokens(thought));
        return null;
    }

    /// <summary>While thinking is on, the turn whose tool results come now must begin with its thoughts.</summary>
    private Refusal? ThoughtsKept(JsonElement messages)
    {
        if (tally.ToolResult is null) return null;
        var index = messages.GetArrayLength() - 1;
        while (index >= 0 && messages[index].TextOf("role") != "assistant") index--;
        if (index < 0) return null;
        var first = messages[index].ItemsOf("content").Select(b => b.TextOf("type")).FirstOrDefault();
        return first is "thinking" or "redacted_thinking"
            ? null
            : Fault($"messages.{index}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{first ?? "text"}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).");
    }
}
