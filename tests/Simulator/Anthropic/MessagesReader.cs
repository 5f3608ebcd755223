using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Anthropic;

/// <summary>Reads a messages request and refuses what Anthropic refuses, as far as a translator can get it wrong.</summary>
internal sealed class MessagesReader(JsonElement body, bool counts, bool isNewVersion)
{
    private const int LeastThinkingBudget = 1024;
    private const int MostCacheMarks = 4;

    private static readonly FieldNames Fields = new(
        "model", "messages", "max_tokens", "system", "stop_sequences", "stream", "temperature", "top_k", "top_p", "tools", "tool_choice",
        "metadata", "thinking", "service_tier", "container", "mcp_servers", "context_management", "cache_control", "output_config", "output_format",
        "inference_geo", "speed", "diagnostics", "billing_policy", "fallbacks");

    private static readonly FieldNames CountFields = new(
        "model", "messages", "system", "tools", "tool_choice", "thinking", "mcp_servers", "context_management", "cache_control", "output_config", "output_format");

    private static readonly FieldNames ToolFields = new(
        "type", "name", "description", "input_schema", "cache_control", "strict", "eager_input_streaming", "defer_loading", "allowed_callers", "input_examples");

    private readonly CacheMarks marks = new();
    private readonly PromptTally tally = new();
    private Refusal? stranger;

    /// <summary>The request, or null and why not.</summary>
    public MessagesRequest? Read(PromptMemory memory, out Refusal refusal)
    {
        refusal = default;
        var tools = new List<OfferedTool>();
        var conversation = new Conversation(marks, tally);
        var fault = ReadHead() ?? ReadTools(tools) ?? ReadSystem() ?? ReadSampling() ?? conversation.Read(body.Get("messages"), IsThinking) ?? ReadChoice(tools);
        if (fault is null && marks.Count > MostCacheMarks)
            fault = new Refusal(400, $"A maximum of {MostCacheMarks} blocks with cache_control may be provided. Found {marks.Count}.");
        stranger ??= conversation.Stranger;
        if (fault is { } found)
        {
            refusal = found;
            return null;
        }

        if (body.Has("cache_control")) marks.Mark(body.Get("cache_control").TextOf("ttl"));
        var model = body.TextOf("model")!;
        var (read, written) = counts ? (0, 0) : marks.Settle(memory, model);
        var choice = body.Get("tool_choice");
        var format = body.Get("output_config").Get("format") is { ValueKind: JsonValueKind.Object } inConfig ? inConfig : body.Get("output_format");
        return new MessagesRequest
        {
            Model = model,
            Prompt = tally.Prompt,
            PromptTokens = tally.Tokens,
            CacheReadTokens = read,
            CacheWriteTokens = written,
            CachesForAnHour = marks.LongLived,
            ToolResult = tally.ToolResult,
            Streams = body.IsTrue("stream"),
            MaxTokens = body.WholeOf("max_tokens"),
            Stops = body.TextsOf("stop_sequences"),
            Tools = choice.TextOf("type") == "none" ? [] : tools,
            DemandedTool = choice.TextOf("type") switch { "any" => tools.FirstOrDefault()?.Name, "tool" => choice.TextOf("name"), _ => null },
            OneCallAtMost = choice.IsTrue("disable_parallel_tool_use"),
            JsonWanted = format.TextOf("type") == "json_schema",
            Schema = format.Get("schema") is { ValueKind: JsonValueKind.Object } schema ? schema : null,
            Thinks = IsThinking,
            ShowsThoughts = IsThinking,
            OmitsThoughts = body.Get("thinking").TextOf("display") == "omitted",
            UnknownField = stranger,
            Fields = [.. body.Members().Select(m => m.Name)],
        };
    }

    private bool IsThinking => body.Get("thinking").TextOf("type") is "enabled" or "adaptive" or "between_tools";

    private static Refusal Fault(string message) => new(400, message);

    private Refusal? ReadHead()
    {
        if (body.ValueKind != JsonValueKind.Object) return Fault("The request body is not valid JSON: expected an object");
        if (body.TextOf("model") is not { Length: > 0 }) return Fault("model: Field required");
        if (!counts && !body.Has("max_tokens")) return Fault("max_tokens: Field required");
        if (!counts && body.WholeOf("max_tokens") is null) return Fault("max_tokens: Input should be a valid integer");
        if (!counts && body.WholeOf("max_tokens") < 1) return Fault("max_tokens: Input should be greater than or equal to 1");
        if (body.Get("messages").ValueKind != JsonValueKind.Array) return Fault(body.Has("messages") ? "messages: Input should be a valid array" : "messages: Field required");
        if (body.Get("messages").GetArrayLength() == 0) return Fault("messages: at least one message is required");
        if ((counts ? CountFields : Fields).Stranger(body) is { } unknown) stranger = Fault($"{unknown}: Extra inputs are not permitted");
        foreach (var name in (ReadOnlySpan<string>)["temperature", "top_p", "top_k"])
            if (isNewVersion && body.Has(name)) stranger ??= Fault($"{name}: Extra inputs are not permitted");
        return null;
    }

    private Refusal? ReadSampling()
    {
        if (body.Has("temperature") && body.NumberOf("temperature") is not (>= 0 and <= 1)) return Fault("temperature: range: 0..1");
        if (body.Has("top_p") && body.NumberOf("top_p") is not (>= 0 and <= 1)) return Fault("top_p: range: 0..1");
        if (body.Has("top_k") && body.WholeOf("top_k") is not >= 0) return Fault("top_k: Input should be greater than or equal to 0");
        if (body.ItemsOf("stop_sequences").Any(s => string.IsNullOrWhiteSpace(s.AsText())))
            return Fault("stop_sequences: each stop sequence must contain non-whitespace");
        if (!body.Has("thinking")) return null;
        var thinking = body.Get("thinking");
        if (thinking.TextOf("type") is not ("enabled" or "adaptive" or "between_tools" or "disabled"))
            return Fault("thinking: Input tag does not match any of the expected tags: 'adaptive', 'between_tools', 'disabled', 'enabled'");
        if (!IsThinking) return null;
        if (thinking.TextOf("type") == "enabled")
        {
            if (thinking.WholeOf("budget_tokens") is not { } budget) return Fault("thinking.enabled.budget_tokens: Field required");
            if (budget < LeastThinkingBudget) return Fault($"thinking.enabled.budget_tokens: Input should be greater than or equal to {LeastThinkingBudget}");
            if (!counts && budget >= body.WholeOf("max_tokens")) return Fault("`max_tokens` must be greater than `thinking.budget_tokens`.");
        }

        if (body.Has("temperature") && body.NumberOf("temperature") != 1) return Fault("`temperature` may only be set to 1 when thinking is enabled.");
        if (body.Has("top_k")) return Fault("`top_k` must be unset when thinking is enabled.");
        if (body.NumberOf("top_p") is < 0.95) return Fault("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.");
        return body.Get("tool_choice").TextOf("type") is "any" or "tool" ? Fault("Thinking may not be enabled when tool_choice forces tool use.") : null;
    }

    private Refusal? ReadSystem()
    {
        var system = body.Get("system");
        if (system.AsText() is { } text)
        {
            marks.Add(text);
            tally.AddTokens(SimText.Tokens(text));
            return null;
        }

        var index = 0;
        foreach (var block in system.Items())
        {
            var at = $"system.{index++}";
            if (block.TextOf("type") != "text") return Fault($"{at}.type: Input should be 'text'");
            if (block.TextOf("text") is not { Length: > 0 } piece) return Fault("system: text content blocks must be non-empty");
            marks.Add(piece);
            tally.AddTokens(SimText.Tokens(piece));
            if (block.Has("cache_control")) marks.Mark(block.Get("cache_control").TextOf("ttl"));
        }

        return null;
    }

    private Refusal? ReadTools(List<OfferedTool> tools)
    {
        var index = 0;
        foreach (var tool in body.ItemsOf("tools"))
        {
            var at = $"tools.{index++}";
            // Tools that Anthropic runs itself carry a dated type and bring no schema.
            if (tool.TextOf("type") is { } type && type != "custom") continue;
            if (tool.TextOf("name") is not { } name) return Fault($"{at}.custom.name: Field required");
            if (!IsToolName(name)) return Fault($"{at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
            if (!tool.Has("input_schema")) return Fault($"{at}.custom.input_schema: Field required");
            if (tool.Get("input_schema").TextOf("type") != "object") return Fault($"{at}.custom.input_schema.type: Input should be 'object'");
            if (tools.Exists(t => t.Name == name)) return Fault("tools: Tool names must be unique.");
            if (ToolFields.Stranger(tool) is { } unknown) stranger ??= Fault($"{at}.custom.{unknown}: Extra inputs are not permitted");
            marks.Add(tool.GetRawText());
            if (tool.Has("cache_control")) marks.Mark(tool.Get("cache_control").TextOf("ttl"));
            tools.Add(new OfferedTool(name, tool.Get("input_schema")));
        }

        return null;
    }

    private Refusal? ReadChoice(List<OfferedTool> tools)
    {
        var choice = body.Get("tool_choice");
        if (choice.ValueKind == JsonValueKind.Undefined) return null;
        if (choice.TextOf("type") is not ("auto" or "any" or "tool" or "none")) return Fault("tool_choice: Input tag does not match any of the expected tags: 'auto', 'any', 'tool', 'none'");
        if (!body.ItemsOf("tools").Any()) return Fault("tool_choice may only be specified while providing tools");
        return choice.TextOf("type") == "tool" && !tools.Exists(t => t.Name == choice.TextOf("name"))
            ? Fault($"Tool '{choice.TextOf("name")}' not found in provided tools")
            : null;
    }

    private static bool IsToolName(string name) => name.Length is >= 1 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
