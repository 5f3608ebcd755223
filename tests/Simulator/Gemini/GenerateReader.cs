using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;

namespace AspireGateway.Simulator.Gemini;

/// <summary>Reads a generateContent request and refuses what Gemini refuses, as far as a translator can get it wrong.</summary>
internal sealed class GenerateReader(JsonElement body)
{
    private const int MostCandidates = 8;
    private const int DeepestSchema = 32;
    private readonly PromptTally tally = new();
    private string? stranger;

    /// <summary>The request, or null and why not.</summary>
    public GenerateRequest? Read(string model, bool streams, out Refusal refusal)
    {
        refusal = default;
        var tools = new List<OfferedTool>();
        var contents = new GeminiContents(tally);
        var fault = ReadHead() ?? ReadTools(tools) ?? contents.Read(body.Field("contents")) ?? ReadGeneration();
        if (fault is not null)
        {
            refusal = new Refusal(400, fault);
            return null;
        }

        var config = body.Field("generationConfig");
        var calling = body.Field("toolConfig").Field("functionCallingConfig");
        var allowed = calling.Field("allowedFunctionNames").Items().Select(n => n.AsText()).ToList();
        var thinking = config.Field("thinkingConfig");
        var mode = calling.TextOf("mode");
        stranger ??= contents.Stranger;
        return new GenerateRequest
        {
            Model = model,
            Prompt = tally.Prompt,
            PromptTokens = tally.Tokens,
            ToolResult = tally.ToolResult,
            Streams = streams,
            Candidates = config.Field("candidateCount").AsWhole() ?? 1,
            MaxTokens = config.Field("maxOutputTokens").AsWhole(),
            Stops = [.. config.Field("stopSequences").Items().Select(s => s.AsText()).OfType<string>()],
            Tools = mode == "NONE" ? [] : [.. tools.Where(t => allowed.Count == 0 || allowed.Contains(t.Name))],
            DemandedTool = mode == "ANY" ? allowed.FirstOrDefault() ?? tools.FirstOrDefault()?.Name : null,
            JsonWanted = config.Field("responseMimeType").AsText() == "application/json",
            Schema = SchemaOf(config),
            ShowsThoughts = thinking.Field("includeThoughts").ValueKind == JsonValueKind.True && !IsOff(thinking),
            Thinks = thinking.ValueKind == JsonValueKind.Object && !IsOff(thinking),
            UnknownField = stranger is { } message ? new Refusal(400, message) : null,
            Fields = [.. body.Members().Select(m => m.Name)],
        };
    }

    private static bool IsOff(JsonElement thinking) => thinking.Field("thinkingBudget").AsWhole() == 0;

    private static JsonElement? SchemaOf(JsonElement config)
    {
        if (config.Field("responseJsonSchema") is { ValueKind: JsonValueKind.Object } json) return json;
        return config.Field("responseSchema") is { ValueKind: JsonValueKind.Object } schema ? schema : null;
    }

    private string? ReadHead()
    {
        if (body.ValueKind != JsonValueKind.Object) return "Invalid JSON payload received. Expected an object.";
        stranger = body.Unknown(GeminiFields.Request, "");
        var config = body.Field("generationConfig");
        stranger ??= config.Unknown(GeminiFields.Generation, "generationConfig")
            ?? config.Field("thinkingConfig").Unknown(GeminiFields.Thinking, "generationConfig.thinkingConfig")
            ?? body.Field("systemInstruction").Unknown(GeminiFields.Content, "systemInstruction")
            ?? body.Field("toolConfig").Unknown(GeminiFields.ToolConfig, "toolConfig")
            ?? body.Field("toolConfig").Field("functionCallingConfig").Unknown(GeminiFields.Calling, "toolConfig.functionCallingConfig");
        if (config.Field("responseSchema") is { ValueKind: JsonValueKind.Object } schema) CheckSchema(schema, "generationConfig.responseSchema", 0);
        foreach (var part in body.Field("systemInstruction").Field("parts").Items())
        {
            if (part.TextOf("text") is not { } text) return "Please use text only in system_instruction.";
            tally.AddTokens(SimText.Tokens(text));
        }

        return body.Field("contents").Items().Any() ? null : "* GenerateContentRequest.contents: contents is not specified";
    }

    private string? ReadGeneration()
    {
        var config = body.Field("generationConfig");
        if (config.HasField("temperature") && config.NumberOf("temperature") is not (>= 0 and <= 2)) return "* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].";
        if (config.Field("topP") is { ValueKind: JsonValueKind.Number } topP && topP.GetDouble() is < 0 or > 1) return "* GenerateContentRequest.generation_config.top_p: top_p must be in the range [0.0, 1.0].";
        if (config.HasField("maxOutputTokens") && config.Field("maxOutputTokens").AsWhole() is not >= 1) return "* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.";
        if (config.HasField("candidateCount") && config.Field("candidateCount").AsWhole() is not (>= 1 and <= MostCandidates)) return "* GenerateContentRequest.generation_config.candidate_count: candidate_count must be in the range [1, 8].";
        var hasSchema = config.HasField("responseSchema") || config.HasField("responseJsonSchema");
        var type = config.Field("responseMimeType").AsText();
        if (hasSchema && type is not ("application/json" or "text/x.enum"))
            return "* GenerateContentRequest.generation_config.response_schema: only allowed when response mime type is application/json or text/x.enum.";
        if (type is not (null or "text/plain" or "application/json" or "text/x.enum"))
            return "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`.";
        return type == "application/json" && body.Field("tools").Items().Any(t => t.HasField("functionDeclarations"))
            ? "Function calling with a response mime type: 'application/json' is unsupported"
            : null;
    }

    private string? ReadTools(List<OfferedTool> tools)
    {
        var index = 0;
        foreach (var tool in body.Field("tools").Items())
        {
            var at = $"tools[{index++}]";
            stranger ??= tool.Unknown(GeminiFields.Tool, at);
            var number = 0;
            foreach (var declaration in tool.Field("functionDeclarations").Items())
            {
                var here = $"{at}.functionDeclarations[{number++}]";
                stranger ??= declaration.Unknown(GeminiFields.Declaration, here);
                if (declaration.TextOf("name") is not { Length: >= 1 and <= 64 } name || !(char.IsAsciiLetter(name[0]) || name[0] == '_') || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':'))
                    return $"* GenerateContentRequest.{ProtoJson.Snake(here)}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.";
                var schema = declaration.Field("parameters");
                if (schema.ValueKind == JsonValueKind.Object) CheckSchema(schema, here + ".parameters", 0);
                else schema = declaration.Field("parametersJsonSchema");
                tools.Add(new OfferedTool(name, schema.ValueKind == JsonValueKind.Object ? schema : null));
            }
        }

        return null;
    }

    private void CheckSchema(JsonElement schema, string path, int depth)
    {
        if (depth > DeepestSchema || schema.ValueKind != JsonValueKind.Object) return;
        if (schema.Get("type").ValueKind == JsonValueKind.Array)
            stranger ??= $"Invalid JSON payload received. Unknown name \"type\" at '{ProtoJson.Snake(path)}': Proto field is not repeating, cannot start list.";
        stranger ??= schema.Unknown(GeminiFields.Schema, path);
        foreach (var property in schema.Get("properties").Members()) CheckSchema(property.Value, $"{path}.properties[{property.Name}].value", depth + 1);
        CheckSchema(schema.Get("items"), path + ".items", depth + 1);
        var index = 0;
        foreach (var option in schema.Field("anyOf").Items()) CheckSchema(option, $"{path}.anyOf[{index++}]", depth + 1);
    }
}
