using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Writes the body of Converse and ConverseStream (Amazon Bedrock API reference, "Converse", request syntax); the model stands in the address.</summary>
internal static class BedrockRequestWriter
{
    /// <summary>Writes it; see <see cref="IChatTranslator.WriteRequest"/>.</summary>
    public static Refusal? Write(ChatRequest request, string modelId, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var model = BedrockModel.Of(modelId);
        var thinks = BedrockReasoning.Wanted(request, model, dropped);
        writer.WriteStartObject();
        if (BedrockMessageWriter.Write(request, model, writer, dropped) is { } refusal) return refusal;
        BedrockToolWriter.Write(request, model, writer, dropped);
        WriteInference(request, model, thinks, writer, dropped);
        WriteFormat(request, model, writer, dropped);
        WriteAdditional(request, model, thinks, writer, dropped);
        WriteTier(request, writer, dropped);
        writer.WriteEndObject();

        dropped.AddIf(request.Seed is not null, "seed");
        dropped.AddIf(request.FrequencyPenalty is not null and not 0, "frequency_penalty");
        dropped.AddIf(request.PresencePenalty is not null and not 0, "presence_penalty");
        dropped.AddIf(request.LogitBias.IsPresent, "logit_bias");
        dropped.AddIf(request.Choices is > 1, "n");
        dropped.AddIf(request.Logprobs == true, "logprobs");
        dropped.AddIf(request.TopLogprobs is > 0, "top_logprobs");
        dropped.AddIf(!request.UserId.IsEmpty, "user");
        return null;
    }

    private static void WriteInference(ChatRequest request, in BedrockModel model, bool thinks, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var temperature = request.Temperature;
        var topP = request.TopP;
        // Thinking Claude takes no sampling but its own; the newest take none at all.
        var isFixed = !model.TakesSampling || (thinks && model.Family == BedrockFamily.Anthropic);
        if (isFixed && temperature is not null and not 1)
        {
            dropped.Add("temperature");
            temperature = null;
        }
        if (topP is not null && (isFixed ? topP < 0.95 || !model.TakesSampling : model.TakesOneSampling && temperature is not null))
        {
            dropped.AddIf(topP is not 1, "top_p");
            topP = null;
        }
        if (temperature > 1)
        {
            dropped.Add("temperature>1");
            temperature = 1;
        }
        if (isFixed) temperature = null;
        if (request.MaxOutputTokens is null && temperature is null && topP is null && request.Stop.Count == 0) return;

        writer.WriteStartObject("inferenceConfig"u8);
        if (request.MaxOutputTokens is { } most) writer.WriteNumber("maxTokens"u8, most);
        if (temperature is { } heat) writer.WriteNumber("temperature"u8, heat);
        if (topP is { } nucleus) writer.WriteNumber("topP"u8, nucleus);
        if (request.Stop.Count > 0)
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.Stop) stop.WriteTo(writer);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    // The schema stands there as a text (API reference, "JsonSchemaDefinition").
    private static void WriteFormat(ChatRequest request, in BedrockModel model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (request.ResponseFormat is not { } format) return;
        if (!model.TakesSchemas || !format.Schema.IsPresent)
        {
            dropped.Add("response_format");
            return;
        }
        writer.WriteStartObject("outputConfig"u8);
        writer.WriteStartObject("textFormat"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("structure"u8);
        writer.WriteStartObject("jsonSchema"u8);
        writer.WriteString("schema"u8, format.Schema.Bytes.Span);
        writer.WriteTextIfAny("name"u8, format.Name);
        writer.WriteTextIfAny("description"u8, format.Description);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What only some families have, in their own words.</summary>
    private static void WriteAdditional(ChatRequest request, in BedrockModel model, bool thinks, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var topK = request.TopK;
        if (topK is not null && (model.Family is BedrockFamily.Other or BedrockFamily.Plain or BedrockFamily.OpenAi || !model.TakesSampling || (thinks && model.Family == BedrockFamily.Anthropic)))
        {
            dropped.Add("top_k");
            topK = null;
        }
        if (topK is not null || thinks)
        {
            writer.WriteStartObject("additionalModelRequestFields"u8);
            if (topK is { } k) WriteTopK(k, model.Family, writer);
            if (thinks) BedrockReasoning.Write(request, model, writer, dropped);
            writer.WriteEndObject();
        }
        // Converse says only that a stop sequence was met; Claude also says which, if asked.
        if (model.Family != BedrockFamily.Anthropic || request.Stop.Count == 0) return;
        writer.WriteStartArray("additionalModelResponseFieldPaths"u8);
        writer.WriteStringValue("/stop_sequence"u8);
        writer.WriteEndArray();
    }

    private static void WriteTopK(int topK, BedrockFamily family, Utf8JsonWriter writer)
    {
        switch (family)
        {
            case BedrockFamily.Nova or BedrockFamily.Nova2:
                writer.WriteStartObject("inferenceConfig"u8);
                writer.WriteNumber("topK"u8, topK);
                writer.WriteEndObject();
                break;
            case BedrockFamily.Cohere:
                writer.WriteNumber("k"u8, topK);
                break;
            default:
                writer.WriteNumber("top_k"u8, topK);
                break;
        }
    }

    private static void WriteTier(ChatRequest request, Utf8JsonWriter writer, DroppedFields dropped)
    {
        switch (request.ServiceTier)
        {
            case null or "auto":
                return;
            case "default" or "priority" or "flex":
                writer.WriteStartObject("serviceTier"u8);
                writer.WriteString("type"u8, request.ServiceTier);
                writer.WriteEndObject();
                return;
            default:
                dropped.Add("service_tier");
                return;
        }
    }
}
