using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>Reads the messages of a conversation and the blocks in them; each block is an object with one member.</summary>
internal sealed class ConverseConversation(CacheMarks marks, PromptTally tally, bool hasTools)
{
    private static readonly FieldNames MessageFields = new("role", "content");

    private static readonly Dictionary<string, FieldNames?> BlockFields = new(StringComparer.Ordinal)
    {
        ["text"] = null,
        ["image"] = new("format", "source"),
        ["document"] = new("format", "name", "source", "context", "citations"),
        ["video"] = new("format", "source"),
        ["audio"] = new("format", "source"),
        ["toolUse"] = new("toolUseId", "name", "input", "type"),
        ["toolResult"] = new("toolUseId", "content", "status", "type"),
        ["reasoningContent"] = new("reasoningText", "redactedContent"),
        ["cachePoint"] = new("type", "ttl"),
        ["guardContent"] = new("text", "image"),
        ["citationsContent"] = new("content", "citations"),
        ["searchResult"] = new("source", "title", "content", "citations"),
    };

    private readonly List<string> asked = [];
    private readonly List<string> answered = [];

    /// <summary>The first field that Bedrock does not know.</summary>
    public Refusal? Stranger { get; private set; }

    /// <summary>The fault, or null.</summary>
    public Refusal? Read(JsonElement messages)
    {
        var lastRole = "";
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.TextOf("role") ?? "";
            if (role is not ("user" or "assistant"))
                return Fault($"1 validation error detected: Value '{role}' at 'messages.{index + 1}.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]");
            if (index == 0 && role != "user") return Fault("A conversation must start with a user message. Try again with a conversation that starts with a user message.");
            if (role == lastRole) return Fault("A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.");
            if (MessageFields.Stranger(message) is { } name) Strange($"messages.{index}.{name}");
            if (ReadMessage(message, role, index++) is { } fault) return fault;
            lastRole = role;
        }

        return null;
    }

    private static Refusal Fault(string message) => new(400, message);

    private void Strange(string path) =>
        Stranger ??= Fault($"The model returned the following errors: Malformed input request: extraneous key [{path}] is not permitted, please reformat your input and try again.");

    private Refusal? ReadMessage(JsonElement message, string role, int index)
    {
        if (!message.ItemsOf("content").Any()) return Fault($"The content field in the Message object at messages.{index} is empty. Add a ContentBlock object to the content field and try again.");
        if (role == "assistant")
        {
            asked.Clear();
            answered.Clear();
        }

        tally.Begin(role == "user");
        var number = 0;
        foreach (var block in message.ItemsOf("content"))
            if (ReadBlock(block, role, $"messages.{index}.content.{number++}") is { } fault) return fault;
        tally.End();
        if (role != "user") return null;
        return asked.Except(answered, StringComparer.Ordinal).ToList() is { Count: > 0 } missing
            ? Fault($"Expected toolResult blocks at messages.{index}.content for the following Ids: {string.Join(", ", missing)}")
            : null;
    }

    private Refusal? ReadBlock(JsonElement block, string role, string at)
    {
        var members = block.Members().ToList();
        if (members is not [var member]) return Fault($"The ContentBlock object at {at} must set one of the following keys: text, image, toolUse, toolResult, document, video, cachePoint, reasoningContent.");
        if (!BlockFields.TryGetValue(member.Name, out var known))
        {
            Strange($"{at}.{member.Name}");
            return null;
        }

        if (known?.Stranger(member.Value) is { } name) Strange($"{at}.{member.Name}.{name}");
        switch (member.Name)
        {
            case "text": return ReadText(member.Value, at);
            case "image" or "document" or "video" or "audio": return ReadMedia(member.Name, member.Value, at);
            case "toolUse": return ReadToolUse(member.Value, role, at);
            case "toolResult": return ReadToolResult(member.Value, role, at);
            case "reasoningContent": return ReadReasoning(member.Value, role, at);
            case "cachePoint":
                marks.Mark(member.Value.TextOf("ttl"));
                return member.Value.TextOf("type") == "default" ? null : Fault($"1 validation error detected: Value at '{at}.cachePoint.type' failed to satisfy constraint: Member must satisfy enum value set: [default]");
            default:
                marks.Add(member.Value.GetRawText());
                return null;
        }
    }

    private Refusal? ReadText(JsonElement value, string at)
    {
        if (value.AsText() is not { } text || string.IsNullOrWhiteSpace(text))
            return Fault($"The text field in the ContentBlock object at {at} is blank. Add text to the text field, and try again.");
        tally.AddText(text);
        marks.Add(text);
        return null;
    }

    private Refusal? ReadMedia(string kind, JsonElement media, string at)
    {
        var format = media.TextOf("format") ?? "";
        var formats = kind switch
        {
            "image" => "png|jpeg|gif|webp",
            "document" => "pdf|csv|doc|docx|xls|xlsx|html|txt|md",
            "video" => "mkv|mov|mp4|webm|flv|mpeg|mpg|wmv|three_gp",
            _ => "mp3|opus|wav|aac|flac|mp4|ogg|mkv|mka|x-aac|m4a|mpeg|mpga|pcm|webm",
        };
        if (!formats.Split('|').Contains(format))
            return Fault($"1 validation error detected: Value '{format}' at '{at}.{kind}.format' failed to satisfy constraint: Member must satisfy enum value set: [{formats.Replace("|", ", ")}]");
        var source = media.Get("source");
        if (!source.Get("bytes").IsBase64() && !source.Has("s3Location") && !source.Has("text") && !source.Has("content"))
            return Fault($"The {kind} source at {at} has no readable bytes.");
        if (kind == "document" && (media.TextOf("name") is not { Length: > 0 } name || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '(' or ')' or '[' or ']')))
            return Fault("The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character.");
        tally.AddMedia();
        marks.Add(source.GetRawText(), isMedia: true);
        return null;
    }

    private Refusal? ReadToolUse(JsonElement use, string role, string at)
    {
        if (!hasTools) return Fault("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
        if (role != "assistant") return Fault($"The ContentBlock object at {at} has a toolUse block in a user message.");
        if (use.TextOf("toolUseId") is not { Length: >= 1 and <= 64 } id || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':'))
            return Fault($"1 validation error detected: Value at '{at}.toolUse.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.:-]+");
        if (use.Get("input").ValueKind != JsonValueKind.Object) return Fault($"The format of the value at {at}.toolUse.input is invalid. Provide a json object for the field and try again.");
        asked.Add(id);
        marks.Add(use.GetRawText());
        tally.AddTokens(SimText.Tokens(use.Get("input").GetRawText()));
        return null;
    }

    private Refusal? ReadToolResult(JsonElement result, string role, string at)
    {
        if (!hasTools) return Fault("The toolConfig field must be defined when using toolUse and toolResult content blocks.");
        if (role != "user") return Fault($"The ContentBlock object at {at} has a toolResult block in an assistant message.");
        var id = result.TextOf("toolUseId") ?? "";
        if (!asked.Contains(id)) return Fault($"The number of toolResult blocks at {at[..at.LastIndexOf('.')]} exceeds the number of toolUse blocks of previous turn.");
        answered.Add(id);
        if (result.Has("status") && result.TextOf("status") is not ("success" or "error"))
            return Fault($"1 validation error detected: Value at '{at}.toolResult.status' failed to satisfy constraint: Member must satisfy enum value set: [success, error]");
        if (result.Get("content").ValueKind != JsonValueKind.Array) return Fault($"1 validation error detected: Value at '{at}.toolResult.content' failed to satisfy constraint: Member must not be null");
        tally.AddToolResult("");
        foreach (var part in result.ItemsOf("content"))
        {
            if (part.TextOf("text") is { } text) tally.AddToolResult(text);
            else if (part.Get("json") is { ValueKind: JsonValueKind.Object } json) tally.AddToolResult(json.GetRawText());
            else if (part.Members().Select(m => m.Name).FirstOrDefault() is "image" or "document" or "video")
            {
                var media = part.Members().First();
                if (ReadMedia(media.Name, media.Value, at) is { } fault) return fault;
            }
            else return Fault($"The ToolResultContentBlock object at {at}.toolResult.content must set one of the following keys: text, image, json, document, video.");
        }

        marks.Add(result.GetRawText());
        return null;
    }

    private Refusal? ReadReasoning(JsonElement reasoning, string role, string at)
    {
        if (role != "assistant") return Fault($"The ContentBlock object at {at} has a reasoningContent block in a user message.");
        if (reasoning.Has("redactedContent")) return null;
        var thought = reasoning.Get("reasoningText");
        if (thought.TextOf("text") is not { } text) return Fault($"1 validation error detected: Value at '{at}.reasoningContent.reasoningText.text' failed to satisfy constraint: Member must not be null");
        if (thought.TextOf("signature") != SimText.Signature(text)) return Fault($"The model returned the following errors: {at}: Invalid `signature` in `thinking` block");
        tally.AddTokens(SimText.Tokens(text));
        return null;
    }
}
