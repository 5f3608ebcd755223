using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>Reads a chat request and refuses what OpenAI refuses, as far as callers and gateways can get it wrong.</summary>
internal static class ChatRequestReader
{
    private const int MostChoices = 128;
    private static readonly HashSet<string> Efforts = new(StringComparer.Ordinal) { "none", "minimal", "low", "medium", "high", "xhigh" };

    public static ChatRequest? Read(JsonElement body, out Refusal refusal)
    {
        refusal = default;
        if (body.ValueKind != JsonValueKind.Object)
            return Refuse("The body must be a JSON object.", null, null, out refusal);
        if (!body.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String || model.GetString() is not { Length: > 0 } name)
            return Refuse("A model must be named in 'model'.", null, "model", out refusal);
        if (!body.TryGetProperty("messages", out var messages))
            return Refuse("Missing required parameter: 'messages'.", "missing_required_parameter", "messages", out refusal);
        if (messages.ValueKind != JsonValueKind.Array)
            return Refuse("Invalid type for 'messages': expected an array of objects.", "invalid_type", "messages", out refusal);
        if (messages.GetArrayLength() == 0)
            return Refuse("Invalid 'messages': the array is empty.", "empty_array", "messages", out refusal);
        if (!TryCount(body, "max_tokens", out var maxTokens, ref refusal) || !TryCount(body, "max_completion_tokens", out var maxCompletion, ref refusal)
            || !TryCount(body, "n", out var n, ref refusal))
            return null;

        var streams = body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
        var hasStreamOptions = body.TryGetProperty("stream_options", out var streamOptions) && streamOptions.ValueKind == JsonValueKind.Object;
        if (hasStreamOptions && !streams)
            return Refuse("'stream_options' is only allowed when 'stream' is true.", null, "stream_options", out refusal);

        if (body.Get("reasoning_effort") is { ValueKind: not JsonValueKind.Undefined } effort && (effort.AsText() is not { } word || !Efforts.Contains(word)))
            return Refuse($"Invalid value: '{effort}'. Supported values are: {string.Join(", ", Efforts)}.", "invalid_value", "reasoning_effort", out refusal);
        if (body.Get("response_format").TextOf("type") == "json_schema" && !body.Get("response_format").Get("json_schema").Has("name"))
            return Refuse("Missing required parameter: 'response_format.json_schema.name'.", "missing_required_parameter", "response_format.json_schema.name", out refusal);
        var read = new ChatMessages();
        if (read.Read(messages) is { } fault)
        {
            refusal = fault;
            return null;
        }

        var (jsonWanted, schema) = ReadFormat(body);
        return new ChatRequest
        {
            Model = name,
            Prompt = read.Tally.Prompt,
            PromptTokens = read.Tally.Tokens,
            ToolResult = read.Tally.ToolResult,
            Streams = streams,
            IncludeUsage = hasStreamOptions && streamOptions.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True,
            N = Math.Min(n ?? 1, MostChoices),
            MaxTokens = maxCompletion ?? maxTokens,
            Stops = body.TextsOf("stop"),
            Tools = body.TextOf("tool_choice") == "none" ? [] : ReadTools(body),
            OneCallAtMost = body.Get("parallel_tool_calls").ValueKind == JsonValueKind.False,
            Thinks = body.TextOf("reasoning_effort") is not (null or "none" or "minimal"),
            LogProbs = body.IsTrue("logprobs"),
            Fields = [.. body.EnumerateObject().Select(f => f.Name)],
            DemandedTool = ReadDemand(body),
            JsonWanted = jsonWanted,
            Schema = schema,
        };
    }

    private static ChatRequest? Refuse(string message, string? code, string? param, out Refusal refusal)
    {
        refusal = new Refusal(400, message, code, param);
        return null;
    }

    private static bool TryCount(JsonElement body, string name, out int? count, ref Refusal refusal)
    {
        count = null;
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            count = number;
            if (number >= 1) return true;
            refusal = new Refusal(400, $"Invalid '{name}': {number} is below the least value 1.", "integer_below_min_value", name);
        }
        else refusal = new Refusal(400, $"Invalid type for '{name}': expected an integer.", "invalid_type", name);

        return false;
    }

    private static List<OfferedTool> ReadTools(JsonElement body)
    {
        var offered = new List<OfferedTool>();
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array) return offered;
        foreach (var tool in tools.EnumerateArray())
        {
            if (FunctionName(tool) is not { } name) continue;
            var hasSchema = tool.GetProperty("function").TryGetProperty("parameters", out var parameters);
            offered.Add(new OfferedTool(name, hasSchema ? parameters : null));
        }

        return offered;
    }

    private static string? ReadDemand(JsonElement body)
    {
        if (!body.TryGetProperty("tool_choice", out var choice)) return null;
        if (choice.ValueKind == JsonValueKind.String && choice.GetString() == "required")
            return ReadTools(body) is [var first, ..] ? first.Name : null;
        return FunctionName(choice);
    }

    private static string? FunctionName(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    private static (bool Wanted, JsonElement? Schema) ReadFormat(JsonElement body)
    {
        if (!body.TryGetProperty("response_format", out var format) || format.ValueKind != JsonValueKind.Object
            || !format.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String) return (false, null);
        if (type.ValueEquals("json_object")) return (true, null);
        if (!type.ValueEquals("json_schema")) return (false, null);
        return (true, format.TryGetProperty("json_schema", out var wrapper) && wrapper.ValueKind == JsonValueKind.Object
            && wrapper.TryGetProperty("schema", out var schema) ? schema : null);
    }
}
