using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Writes <c>toolConfig</c> (API reference, "ToolConfiguration").</summary>
internal static class BedrockToolWriter
{
    /// <summary>Writes it where there are tools to speak of.</summary>
    public static void Write(ChatRequest request, in BedrockModel model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        dropped.AddIf(request.ParallelToolCalls == false && request.Tools.Count > 0, "parallel_tool_calls");
        var called = NamesCalled(request);
        var isForbidden = request.ToolChoice is { Kind: ToolChoiceKind.None };
        // Without tools none can be called; but a conversation that has called some is refused unless they are declared.
        if (called is null && (request.Tools.Count == 0 || isForbidden)) return;
        if (isForbidden && request.Tools.Count > 0) dropped.Add("tool_choice");

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            dropped.AddIf(tool.Strict == true && !model.TakesSchemas, "tools[].strict");
            WriteTool(tool.Name, tool.Description, tool.Schema, tool.Strict == true && model.TakesSchemas, writer);
            // Of tools only Claude keeps a cache.
            if (model.Family is BedrockFamily.Anthropic or BedrockFamily.Other) BedrockMessageWriter.WriteCachePoint(tool.Cache, model, writer, dropped);
            else dropped.AddIf(tool.Cache is not null, "cache_control");
        }
        if (request.Tools.Count == 0)
            foreach (var name in called!) WriteTool(name, default, default, isStrict: false, writer);
        writer.WriteEndArray();
        WriteChoice(request, writer);
        writer.WriteEndObject();
    }

    private static void WriteTool(JsonText name, JsonText description, JsonRaw schema, bool isStrict, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec"u8);
        writer.WriteText("name"u8, name);
        writer.WriteTextIfAny("description"u8, description);
        writer.WriteStartObject("inputSchema"u8);
        if (schema.IsPresent) writer.WriteRaw("json"u8, schema);
        else writer.WriteRaw("json"u8, JsonRaw.CopyOf("""{"type":"object","properties":{}}"""u8));
        writer.WriteEndObject();
        if (isStrict) writer.WriteBoolean("strict"u8, true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(ChatRequest request, Utf8JsonWriter writer)
    {
        if (request.ToolChoice is not { Kind: not ToolChoiceKind.None } choice || request.Tools.Count == 0) return;
        writer.WriteStartObject("toolChoice"u8);
        switch (choice.Kind)
        {
            case ToolChoiceKind.Required:
                writer.WriteStartObject("any"u8);
                break;
            case ToolChoiceKind.Named:
                writer.WriteStartObject("tool"u8);
                writer.WriteText("name"u8, choice.Name);
                break;
            default:
                writer.WriteStartObject("auto"u8);
                break;
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static List<JsonText>? NamesCalled(ChatRequest request)
    {
        List<JsonText>? names = null;
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolResultPart) names ??= [];
                if (part is not ToolCallPart call) continue;
                names ??= [];
                if (!names.Exists(name => name.Quoted.SequenceEqual(call.Name.Quoted))) names.Add(call.Name);
            }
        }
        return names;
    }
}
