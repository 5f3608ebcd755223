using System.Globalization;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>Reads tools and how they are chosen ("Tool use").</summary>
internal static class AnthropicTools
{
    /// <summary>Fills the tools; null = they are acceptable.</summary>
    public static Refusal? Read(in AnthropicParameters.Parts parts, JsonSource source, ChatRequest request)
    {
        if (parts.Tools.ValueKind != JsonValueKind.Undefined)
        {
            if (parts.Tools.ValueKind != JsonValueKind.Array) return Refusal.InvalidRequest("Field 'tools' must be an array.", "tools");
            var index = 0;
            foreach (var tool in parts.Tools.EnumerateArray())
                if (ReadTool(tool, index++, source, request) is { } refusal) return refusal;
        }
        return parts.ToolChoice.ValueKind == JsonValueKind.Undefined ? null : ReadChoice(parts.ToolChoice, source, request);
    }

    private static Refusal? ReadTool(JsonElement tool, int index, JsonSource source, ChatRequest request)
    {
        if (tool.ValueKind != JsonValueKind.Object) return Refusal.InvalidRequest($"Field 'tools[{index}]' must be an object.", Path(index, null));
        JsonText name = default, description = default;
        JsonRaw schema = default;
        CacheMarker? cache = null;
        bool? strict = null;
        foreach (var property in tool.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind == JsonValueKind.Null) continue;
            switch (property.Name)
            {
                case "type":
                    if (value.ValueKind != JsonValueKind.String || !value.ValueEquals("custom"u8))
                        return AnthropicParameters.OnlyAnthropic(Path(index, "type"), $"has the tool '{Shown(value)}' built in");
                    break;
                case "name":
                    name = source.Text(value);
                    break;
                case "description":
                    description = source.Text(value);
                    break;
                case "input_schema":
                    if (value.ValueKind != JsonValueKind.Object) return Refusal.InvalidRequest($"Field 'tools[{index}].input_schema' must be a JSON schema.", Path(index, "input_schema"));
                    schema = source.Raw(value);
                    break;
                case "cache_control":
                    cache = AnthropicParameters.CacheOf(value);
                    break;
                case "strict":
                    strict = value.ValueKind == JsonValueKind.True;
                    break;
                default:
                    request.Unmapped.Add(Path(index, property.Name));
                    break;
            }
        }
        if (name.IsEmpty) return Refusal.InvalidRequest($"Field 'tools[{index}].name' must be a string that is not empty.", Path(index, "name"));
        request.Tools.Add(new ToolDefinition(name, description, schema) { Cache = cache, Strict = strict });
        return null;
    }

    private static Refusal? ReadChoice(JsonElement choice, JsonSource source, ChatRequest request)
    {
        if (choice.ValueKind != JsonValueKind.Object || !choice.TryGetProperty("type"u8, out var type) || type.ValueKind != JsonValueKind.String)
            return Refusal.InvalidRequest("Field 'tool_choice' must be an object with a 'type'.", "tool_choice");
        var name = choice.TryGetProperty("name"u8, out var given) ? source.Text(given) : default;
        switch (type.GetString())
        {
            case "auto":
                request.ToolChoice = new(ToolChoiceKind.Auto);
                break;
            case "any":
                request.ToolChoice = new(ToolChoiceKind.Required);
                break;
            case "none":
                request.ToolChoice = new(ToolChoiceKind.None);
                break;
            case "tool" when !name.IsEmpty:
                request.ToolChoice = new(ToolChoiceKind.Named, name);
                break;
            case "tool":
                return Refusal.InvalidRequest("Field 'tool_choice.name' is missing. Name the tool.", "tool_choice.name");
            default:
                return Refusal.InvalidRequest("Field 'tool_choice.type' must be 'auto', 'any', 'tool' or 'none'.", "tool_choice.type");
        }
        if (choice.TryGetProperty("disable_parallel_tool_use"u8, out var single) && single.ValueKind is JsonValueKind.True or JsonValueKind.False)
            request.ParallelToolCalls = single.ValueKind == JsonValueKind.False;
        return null;
    }

    private static string Path(int index, string? field) =>
        string.Create(CultureInfo.InvariantCulture, $"tools[{index}]{(field is null ? "" : ".")}{field}");

    // A name of a tool goes into a message; anything long is not one.
    private static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= 64 } name ? name : "?";
}
