using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>Reads a Converse request and refuses what Bedrock refuses, as far as a translator can get it wrong.</summary>
internal sealed class ConverseReader(JsonElement body)
{
    private static readonly FieldNames Fields = new(
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields", "additionalModelResponseFieldPaths",
        "promptVariables", "requestMetadata", "performanceConfig", "serviceTier", "outputConfig");

    private static readonly FieldNames InferenceFields = new("maxTokens", "temperature", "topP", "stopSequences");
    private static readonly FieldNames ToolConfigFields = new("tools", "toolChoice");
    private static readonly FieldNames ToolSpecFields = new("name", "description", "inputSchema", "strict");
    private static readonly FieldNames ChoiceFields = new("auto", "any", "tool");

    private readonly CacheMarks marks = new();
    private readonly PromptTally tally = new();
    private Refusal? stranger;

    /// <summary>The request, or null and why not.</summary>
    public ConverseRequest? Read(string model, bool streams, PromptMemory memory, out Refusal refusal)
    {
        refusal = default;
        var tools = new List<OfferedTool>();
        var conversation = new ConverseConversation(marks, tally, body.Has("toolConfig"));
        var fault = ReadHead() ?? ReadTools(tools) ?? ReadSystem() ?? conversation.Read(body.Get("messages"));
        if (fault is { } found)
        {
            refusal = found;
            return null;
        }

        var (read, written) = marks.Settle(memory, model);
        var choice = body.Get("toolConfig").Get("toolChoice");
        var config = body.Get("inferenceConfig");
        return new ConverseRequest
        {
            Model = model,
            Prompt = tally.Prompt,
            PromptTokens = tally.Tokens,
            CacheReadTokens = read,
            CacheWriteTokens = written,
            ToolResult = tally.ToolResult,
            Streams = streams,
            MaxTokens = config.WholeOf("maxTokens"),
            Stops = config.TextsOf("stopSequences"),
            Tools = tools,
            DemandedTool = choice.Has("any") ? tools.FirstOrDefault()?.Name : choice.Get("tool").TextOf("name"),
            JsonWanted = JsonFormat.TextOf("type") == "json_schema",
            Schema = SchemaOf(JsonFormat),
            ShowsThoughts = IsThinking,
            UnknownField = stranger ?? conversation.Stranger,
            Fields = [.. body.Members().Select(m => m.Name)],
        };
    }

    private JsonElement JsonFormat => body.Get("outputConfig").Get("textFormat");

    private bool IsThinking
    {
        get
        {
            var more = body.Get("additionalModelRequestFields");
            return more.Get("thinking").TextOf("type") is "enabled" or "adaptive" || more.Get("reasoning_config").TextOf("type") == "enabled"
                || more.Get("reasoningConfig").TextOf("type") == "enabled";
        }
    }

    private static Refusal Fault(string message) => new(400, message);

    /// <summary>Bedrock takes the schema as a text that holds JSON.</summary>
    private static JsonElement? SchemaOf(JsonElement format)
    {
        var schema = format.Get("structure").Get("jsonSchema").Get("schema");
        if (schema.AsText() is not { } text) return null;
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Refusal? ReadHead()
    {
        if (body.ValueKind != JsonValueKind.Object) return Fault("The request body is not a JSON object.");
        if (!body.ItemsOf("messages").Any()) return Fault("1 validation error detected: Value at 'messages' failed to satisfy constraint: Member must not be null");
        Strange(Fields, body, "");
        var config = body.Get("inferenceConfig");
        Strange(InferenceFields, config, "inferenceConfig.");
        if (config.Has("maxTokens") && config.WholeOf("maxTokens") is not >= 1)
            return Fault("1 validation error detected: Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1");
        foreach (var name in (ReadOnlySpan<string>)["temperature", "topP"])
        {
            if (config.Has(name) && config.NumberOf(name) is not (>= 0 and <= 1))
                return Fault($"1 validation error detected: Value at 'inferenceConfig.{name}' failed to satisfy constraint: Member must have value between 0 and 1");
        }

        return IsThinking && config.Has("temperature") && config.NumberOf("temperature") != 1
            ? Fault("The model returned the following errors: `temperature` may only be set to 1 when thinking is enabled.")
            : null;
    }

    private void Strange(FieldNames known, JsonElement element, string at)
    {
        if (known.Stranger(element) is { } name) stranger ??= Fault($"The model returned the following errors: Malformed input request: extraneous key [{at}{name}] is not permitted, please reformat your input and try again.");
    }

    private Refusal? ReadSystem()
    {
        foreach (var block in body.ItemsOf("system"))
        {
            if (block.Has("cachePoint")) marks.Mark(block.Get("cachePoint").TextOf("ttl"));
            else if (block.Has("guardContent")) marks.Add(block.GetRawText());
            else if (block.TextOf("text") is not { } text || string.IsNullOrWhiteSpace(text)) return Fault("The text field in the system content block is blank. Add text to the text field, and try again.");
            else
            {
                marks.Add(text);
                tally.AddTokens(SimText.Tokens(text));
            }
        }

        return null;
    }

    private Refusal? ReadTools(List<OfferedTool> tools)
    {
        var config = body.Get("toolConfig");
        if (config.ValueKind == JsonValueKind.Undefined) return null;
        Strange(ToolConfigFields, config, "toolConfig.");
        Strange(ChoiceFields, config.Get("toolChoice"), "toolConfig.toolChoice.");
        if (!config.ItemsOf("tools").Any()) return Fault("1 validation error detected: Value at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal to 1");
        var index = 0;
        foreach (var tool in config.ItemsOf("tools"))
        {
            var at = $"toolConfig.tools.{index++}.member";
            if (tool.Has("cachePoint"))
            {
                marks.Mark(tool.Get("cachePoint").TextOf("ttl"));
                continue;
            }

            var spec = tool.Get("toolSpec");
            Strange(ToolSpecFields, spec, $"{at}.toolSpec.");
            if (spec.TextOf("name") is not { Length: >= 1 and <= 64 } name || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
                return Fault($"1 validation error detected: Value at '{at}.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+");
            if (spec.Has("description") && spec.TextOf("description") is not { Length: > 0 })
                return Fault($"1 validation error detected: Value at '{at}.toolSpec.description' failed to satisfy constraint: Member must have length greater than or equal to 1");
            if (spec.Get("inputSchema").Get("json") is not { ValueKind: JsonValueKind.Object } schema) return Fault($"1 validation error detected: Value at '{at}.toolSpec.inputSchema' failed to satisfy constraint: Member must not be null");
            if (schema.TextOf("type") != "object") return Fault("The model returned the following errors: tools.0.custom.input_schema.type: Input should be 'object'");
            marks.Add(tool.GetRawText());
            tools.Add(new OfferedTool(name, schema));
        }

        return null;
    }
}
