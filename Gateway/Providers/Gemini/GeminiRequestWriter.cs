using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Writes the body of <c>generateContent</c> (Gemini API and Vertex AI reference, "GenerateContentRequest"). Both APIs take the same but for media.</summary>
internal static class GeminiRequestWriter
{
    private const int MostChoices = 8, MostStopSequences = 5, MostLogprobs = 20;

    /// <summary>Writes the request; see <see cref="IChatTranslator.WriteRequest"/>.</summary>
    public static Refusal? Write(ChatRequest request, GeminiModelFamily family, bool isVertex, Utf8JsonWriter writer, DroppedFields dropped)
    {
        writer.WriteStartObject();
        if (new GeminiContentWriter(family, isVertex, writer, dropped).Write(request.Messages) is { } refusal) return refusal;
        WriteTools(request, writer, dropped);
        WriteConfiguration(request, family, writer, dropped);
        writer.WriteEndObject();

        dropped.AddIf(request.ParallelToolCalls == false && request.Tools.Count > 0, "parallel_tool_calls");
        dropped.AddIf(request.LogitBias.IsPresent, "logit_bias");
        dropped.AddIf(request.ServiceTier is not (null or "auto" or "default" or "standard" or "standard_only"), "service_tier");
        dropped.AddIf(!request.UserId.IsEmpty, "user");
        return null;
    }

    private static void WriteTools(ChatRequest request, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (request.Tools.Count == 0)
        {
            dropped.AddIf(request.ToolChoice is { Kind: ToolChoiceKind.Required or ToolChoiceKind.Named }, "tool_choice");
            return;
        }
        writer.WriteStartArray("tools"u8);
        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations"u8);
        foreach (var tool in request.Tools)
        {
            writer.WriteStartObject();
            writer.WriteText("name"u8, tool.Name);
            writer.WriteTextIfAny("description"u8, tool.Description);
            if (tool.Schema.IsPresent) writer.WriteRaw("parametersJsonSchema"u8, tool.Schema);
            writer.WriteEndObject();
            dropped.AddIf(tool.Strict == true, "tools.strict");
            dropped.AddIf(tool.Cache is not null, "cache_control");
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (request.ToolChoice is not { } choice) return;

        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartObject("functionCallingConfig"u8);
        writer.WriteString("mode"u8, choice.Kind switch
        {
            ToolChoiceKind.None => "NONE"u8,
            ToolChoiceKind.Required or ToolChoiceKind.Named => "ANY"u8,
            _ => "AUTO"u8,
        });
        if (choice.Kind == ToolChoiceKind.Named)
        {
            writer.WriteStartArray("allowedFunctionNames"u8);
            choice.Name.WriteTo(writer);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteConfiguration(ChatRequest request, GeminiModelFamily family, Utf8JsonWriter writer, DroppedFields dropped)
    {
        writer.WriteStartObject("generationConfig"u8);
        if (request.MaxOutputTokens is { } most) writer.WriteNumber("maxOutputTokens"u8, most);
        if (request.Temperature is { } temperature) writer.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP) writer.WriteNumber("topP"u8, topP);
        if (request.TopK is { } topK) writer.WriteNumber("topK"u8, topK);
        if (request.PresencePenalty is { } presence) writer.WriteNumber("presencePenalty"u8, presence);
        if (request.FrequencyPenalty is { } frequency) writer.WriteNumber("frequencyPenalty"u8, frequency);
        if (request.Seed is { } seed)
        {
            if (seed is >= int.MinValue and <= int.MaxValue) writer.WriteNumber("seed"u8, seed);
            else dropped.Add("seed");
        }
        if (request.Choices is > 1 and var choices)
        {
            dropped.AddIf(choices > MostChoices, $"n>{MostChoices}");
            writer.WriteNumber("candidateCount"u8, Math.Min(choices, MostChoices));
        }
        WriteLogprobs(request, writer, dropped);
        WriteStop(request.Stop, writer, dropped);
        if (request.ResponseFormat is { } format)
        {
            writer.WriteString("responseMimeType"u8, "application/json"u8);
            if (format.Schema.IsPresent) writer.WriteRaw("responseJsonSchema"u8, format.Schema);
            dropped.AddIf(!format.Description.IsEmpty, "response_format.description");
        }
        GeminiThinking.Write(request.Reasoning, request.MaxOutputTokens, family, writer, dropped);
        writer.WriteEndObject();
    }

    private static void WriteLogprobs(ChatRequest request, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var isAsked = request.Logprobs == true;
        if (isAsked) writer.WriteBoolean("responseLogprobs"u8, true);
        // The number of alternatives is refused without the switch.
        if (request.TopLogprobs is not (> 0 and var alternatives)) return;
        dropped.AddIf(!isAsked, "top_logprobs");
        if (!isAsked) return;
        dropped.AddIf(alternatives > MostLogprobs, $"top_logprobs>{MostLogprobs}");
        writer.WriteNumber("logprobs"u8, Math.Min(alternatives, MostLogprobs));
    }

    private static void WriteStop(List<JsonText> stop, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (stop.Count == 0) return;
        dropped.AddIf(stop.Count > MostStopSequences, $"stop>{MostStopSequences}");
        writer.WriteStartArray("stopSequences"u8);
        for (var i = 0; i < Math.Min(stop.Count, MostStopSequences); i++) stop[i].WriteTo(writer);
        writer.WriteEndArray();
    }
}
