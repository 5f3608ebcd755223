using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>Reads the messages of a chat request: their text, their parts, and whether tool calls and results fit together.</summary>
internal sealed class ChatMessages
{
    private static readonly HashSet<string> Roles = new(StringComparer.Ordinal) { "developer", "system", "user", "assistant", "tool", "function" };
    private readonly HashSet<string> calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> unanswered = new(StringComparer.Ordinal);
    private bool hasAssistant;

    public PromptTally Tally { get; } = new();

    /// <summary>The fault, or null.</summary>
    public Refusal? Read(JsonElement messages)
    {
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (ReadMessage(message, $"messages.[{index}]") is { } fault) return fault;
            index++;
        }

        return Unanswered($"messages.[{index}]");
    }

    private Refusal? ReadMessage(JsonElement message, string at)
    {
        if (message.ValueKind != JsonValueKind.Object) return new Refusal(400, $"Invalid type for '{at}': expected an object.", "invalid_type", at);
        var role = message.TextOf("role");
        if (role is null || !Roles.Contains(role))
            return new Refusal(400, $"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", "invalid_value", at + ".role");
        if (role != "tool" && Unanswered(at) is { } open) return open;

        Tally.Begin(role == "user");
        var content = message.Get("content");
        if (content.AsText() is { } text) Add(text, role);
        else if (ReadParts(content, role, at) is { } fault) return fault;
        if (role == "assistant") ReadCalls(message);
        if (role == "tool" && Answer(message, at) is { } stray) return stray;
        Tally.End();
        return null;
    }

    private void Add(string text, string role)
    {
        if (role == "tool") Tally.AddToolResult(text);
        else Tally.AddText(text);
    }

    private Refusal? ReadParts(JsonElement content, string role, string at)
    {
        var index = 0;
        foreach (var part in content.Items())
        {
            var here = $"{at}.content.[{index++}]";
            switch (part.TextOf("type"))
            {
                case "text" when part.TextOf("text") is { } text: Add(text, role); break;
                case "refusal" when part.TextOf("refusal") is { } text: Add(text, role); break;
                case "image_url" when IsLink(part.Get("image_url").TextOf("url")):
                case "input_audio" when part.Get("input_audio") is var audio && audio.Get("data").IsBase64() && audio.TextOf("format") is "wav" or "mp3":
                case "file" when part.Get("file") is var file && (file.Has("file_id") || file.Has("file_data")):
                    Tally.AddMedia();
                    break;
                case "text" or "refusal" or "image_url" or "input_audio" or "file":
                    return new Refusal(400, $"Invalid content part at '{here}'.", "invalid_value", here);
                case var type:
                    return new Refusal(400, $"Invalid value: '{type}'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', and 'file'.", "invalid_value", here + ".type");
            }
        }

        return null;
    }

    private static bool IsLink(string? url)
    {
        if (url is null) return false;
        if (!url.StartsWith("data:", StringComparison.Ordinal)) return url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal);
        var comma = url.IndexOf(";base64,", StringComparison.Ordinal);
        return comma > 0 && Convert.TryFromBase64String(url[(comma + ";base64,".Length)..], new byte[url.Length], out var bytes) && bytes > 0;
    }

    private void ReadCalls(JsonElement message)
    {
        hasAssistant = true;
        foreach (var call in message.ItemsOf("tool_calls"))
        {
            if (call.TextOf("id") is not { } id) continue;
            calls.Add(id);
            unanswered.Add(id);
        }
    }

    private Refusal? Answer(JsonElement message, string at)
    {
        var id = message.TextOf("tool_call_id") ?? "";
        unanswered.Remove(id);
        return hasAssistant && !calls.Contains(id)
            ? new Refusal(400, "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", null, at + ".role")
            : null;
    }

    private Refusal? Unanswered(string at) => unanswered.Count == 0
        ? null
        : new Refusal(400,
            $"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {string.Join(", ", unanswered.Order(StringComparer.Ordinal))}",
            null, at + ".role");
}
