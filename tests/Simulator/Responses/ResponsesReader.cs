using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Responses;

/// <summary>Reads a Responses request and refuses what OpenAI refuses, as far as a translator can get it wrong.</summary>
internal sealed class ResponsesReader(JsonElement body, ResponseMemory memory)
{
    private const int LeastOutputTokens = 16;

    private static readonly FieldNames Fields = new(
        "model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "previous_response_id", "store", "stream", "stream_options",
        "temperature", "top_p", "max_output_tokens", "reasoning", "text", "metadata", "include", "truncation", "user", "service_tier", "background",
        "prompt", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "max_tool_calls", "top_logprobs", "conversation", "context_management");

    private readonly PromptTally tally = new();

    /// <summary>The request, or null and why not.</summary>
    public ResponsesRequest? Read(out Refusal refusal)
    {
        refusal = default;
        var tools = new List<OfferedTool>();
        var fault = ReadHead(out var previous) ?? ReadTools(tools);
        var items = new ResponseItems(tally, previous?.CallIds);
        fault ??= items.Read(body.Get("input"));
        if (fault is { } found)
        {
            refusal = found;
            return null;
        }

        if (body.TextOf("instructions") is { } instructions) tally.AddTokens(SimText.Tokens(instructions));
        tally.AddTokens(previous?.Tokens ?? 0);
        var model = body.TextOf("model")!;
        var choice = body.Get("tool_choice");
        var reasoning = body.Get("reasoning");
        var thinks = reasoning.TextOf("effort") is not (null or "none" or "minimal") || model.StartsWith("sim-reasoning", StringComparison.Ordinal);
        var format = body.Get("text").Get("format");
        return new ResponsesRequest
        {
            Model = model,
            Prompt = tally.Prompt,
            PromptTokens = tally.Tokens,
            ToolResult = tally.ToolResult,
            Streams = body.IsTrue("stream"),
            MaxTokens = body.WholeOf("max_output_tokens"),
            Tools = choice.AsText() == "none" ? [] : tools,
            DemandedTool = choice.AsText() == "required" ? tools.FirstOrDefault()?.Name : choice.TextOf("name"),
            OneCallAtMost = body.Get("parallel_tool_calls").ValueKind == JsonValueKind.False,
            JsonWanted = format.TextOf("type") is "json_object" or "json_schema",
            Schema = format.Get("schema") is { ValueKind: JsonValueKind.Object } schema ? schema : null,
            Thinks = thinks,
            ShowsThoughts = thinks && reasoning.Has("summary"),
            UnknownField = Fields.Stranger(body) is { } name ? new Refusal(400, $"Unknown parameter: '{name}'.", "unknown_parameter", name) : null,
            Fields = [.. body.Members().Select(m => m.Name)],
            Body = body,
            Memory = memory,
            CallIds = items.CallIds,
            WantsEncryptedReasoning = body.TextsOf("include").Contains("reasoning.encrypted_content"),
            Stores = body.Get("store").ValueKind != JsonValueKind.False,
        };
    }

    private Refusal? ReadHead(out GivenResponse? previous)
    {
        previous = null;
        if (body.ValueKind != JsonValueKind.Object) return new Refusal(400, "The body must be a JSON object.");
        if (body.TextOf("model") is not { Length: > 0 }) return new Refusal(400, "Missing required parameter: 'model'.", "missing_required_parameter", "model");
        if (body.WholeOf("max_output_tokens") is < LeastOutputTokens)
            return new Refusal(400, $"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= {LeastOutputTokens}.", "integer_below_min_value", "max_output_tokens");
        if (body.Get("text").Get("format") is { ValueKind: JsonValueKind.Object } format && format.TextOf("type") == "json_schema" && !format.Has("name"))
            return new Refusal(400, "Missing required parameter: 'text.format.name'.", "missing_required_parameter", "text.format.name");
        if (body.TextOf("previous_response_id") is not { } id) return null;
        previous = memory.Find(id);
        return previous is null
            ? new Refusal(400, $"Previous response with id '{id}' not found.", "previous_response_not_found", "previous_response_id")
            : null;
    }

    private Refusal? ReadTools(List<OfferedTool> tools)
    {
        var index = 0;
        foreach (var tool in body.ItemsOf("tools"))
        {
            var at = $"tools[{index++}]";
            if (!tool.Has("type")) return new Refusal(400, $"Missing required parameter: '{at}.type'.", "missing_required_parameter", at + ".type");
            if (tool.TextOf("type") != "function") continue;
            if (tool.TextOf("name") is not { Length: > 0 } name) return new Refusal(400, $"Missing required parameter: '{at}.name'.", "missing_required_parameter", at + ".name");
            tools.Add(new OfferedTool(name, tool.Get("parameters") is { ValueKind: JsonValueKind.Object } schema ? schema : null));
        }

        return null;
    }
}
