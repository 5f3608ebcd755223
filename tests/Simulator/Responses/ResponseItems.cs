using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Responses;

/// <summary>Reads the input: a text, or messages, calls, results and reasoning in order.</summary>
internal sealed class ResponseItems(PromptTally tally, IReadOnlySet<string>? earlierCalls)
{
    private const string UserParts = "'input_text', 'input_image', 'input_audio', and 'input_file'";
    private const string AssistantParts = "'output_text' and 'refusal'";
    private readonly HashSet<string> calls = new(earlierCalls ?? new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The calls that may be answered.</summary>
    public IReadOnlySet<string> CallIds => calls;

    /// <summary>The fault, or null.</summary>
    public Refusal? Read(JsonElement input)
    {
        if (input.AsText() is { } text)
        {
            tally.Begin(ofUser: true);
            tally.AddText(text);
            tally.End();
            return null;
        }

        if (input.ValueKind != JsonValueKind.Array) return new Refusal(400, "Missing required parameter: 'input'.", "missing_required_parameter", "input");
        var index = 0;
        foreach (var item in input.EnumerateArray())
            if (ReadItem(item, $"input[{index++}]") is { } fault) return fault;
        return null;
    }

    private Refusal? ReadItem(JsonElement item, string at)
    {
        switch (item.TextOf("type") ?? (item.Has("role") ? "message" : ""))
        {
            case "message":
                return ReadMessage(item, at);
            case "function_call":
                if (item.TextOf("call_id") is not { } id) return new Refusal(400, $"Missing required parameter: '{at}.call_id'.", "missing_required_parameter", at + ".call_id");
                if (item.TextOf("arguments") is not { } arguments) return new Refusal(400, $"Invalid type for '{at}.arguments': expected a string.", "invalid_type", at + ".arguments");
                calls.Add(id);
                tally.Begin(ofUser: false);
                tally.AddText(arguments);
                tally.End();
                return null;
            case "function_call_output":
                return ReadOutput(item, at);
            case "reasoning" or "item_reference" or "web_search_call" or "file_search_call" or "computer_call" or "custom_tool_call" or "custom_tool_call_output" or "image_generation_call":
                return null;
            case var type:
                return new Refusal(400, $"Invalid value: '{type}'. Supported values are: 'message', 'function_call', 'function_call_output', 'reasoning', and 'item_reference'.", "invalid_value", at + ".type");
        }
    }

    private Refusal? ReadMessage(JsonElement item, string at)
    {
        var role = item.TextOf("role");
        if (role is not ("user" or "assistant" or "system" or "developer"))
            return new Refusal(400, $"Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.", "invalid_value", at);
        tally.Begin(role == "user");
        if (item.TextOf("content") is { } text) tally.AddText(text);
        var index = 0;
        foreach (var part in item.ItemsOf("content"))
            if (ReadPart(part, role == "assistant", $"{at}.content[{index++}]") is { } fault) return fault;
        tally.End();
        return null;
    }

    private Refusal? ReadPart(JsonElement part, bool ofAssistant, string at)
    {
        var type = part.TextOf("type");
        var fits = (type, ofAssistant) switch
        {
            ("input_text", false) or ("output_text", true) => part.Has("text"),
            ("refusal", true) => part.Has("refusal"),
            ("input_image", false) => part.Has("file_id") || part.TextOf("image_url") is not null,
            ("input_file", false) => part.Has("file_id") || part.Has("file_data") || part.Has("file_url"),
            ("input_audio", false) => part.Get("input_audio").Get("data").IsBase64(),
            _ => false,
        };
        if (!fits)
            return new Refusal(400, $"Invalid value: '{type}'. Supported values are: {(ofAssistant ? AssistantParts : UserParts)}.", "invalid_value", at);
        if ((part.TextOf("text") ?? part.TextOf("refusal")) is { } text) tally.AddText(text);
        else tally.AddMedia();
        return null;
    }

    private Refusal? ReadOutput(JsonElement item, string at)
    {
        var id = item.TextOf("call_id");
        if (id is null || !calls.Contains(id)) return new Refusal(400, $"No tool call found for function call output with call_id {id}.", null, "input");
        tally.Begin(ofUser: false);
        tally.AddToolResult(item.TextOf("output") ?? "");
        var index = 0;
        foreach (var part in item.ItemsOf("output"))
        {
            var here = $"{at}.output[{index++}]";
            if (part.TextOf("type") == "input_text" && part.TextOf("text") is { } text) tally.AddToolResult(text);
            else if (ReadPart(part, ofAssistant: false, here) is { } fault) return fault;
        }

        tally.End();
        return item.Has("output") ? null : new Refusal(400, $"Missing required parameter: '{at}.output'.", "missing_required_parameter", at + ".output");
    }
}
