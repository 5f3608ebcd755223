using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Writes the neutral request as the body of "Messages": the parameters here, the conversation in <see cref="AnthropicConversationWriter"/>.</summary>
internal static class AnthropicRequestWriter
{
    private const long DefaultMaxTokens = 4096;

    /// <summary>Writes the body; null = it was written.</summary>
    public static Refusal? Write(ChatRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var model = AnthropicModelTraits.Of(deployment.UpstreamModel);
        var forcesTool = IsForced(request.ToolChoice) && request.Tools.Count > 0;
        if (forcesTool && !model.TakesForcedTool)
        {
            dropped.Add("tool_choice");
            forcesTool = false;
        }
        var maxTokens = MaxTokensOf(request, deployment, model);
        var thinking = AnthropicThinking.Of(request, model, maxTokens, forcesTool, dropped);
        NameTheInexpressible(request, dropped);

        writer.WriteStartObject();
        writer.WritePropertyName("model"u8);
        writer.WriteRawValue(deployment.UpstreamModelJson, skipInputValidation: true);
        writer.WriteNumber("max_tokens"u8, maxTokens);
        if (AnthropicConversationWriter.Write(request, writer, dropped) is { } refusal) return refusal;
        WriteTools(request, model, forcesTool, writer, dropped);
        WriteSampling(request, model, thinking, writer, dropped);
        WriteThinking(thinking, writer);
        WriteOutputConfig(request, model, thinking, writer, dropped);
        if (request.Stop.Count > 0)
        {
            writer.WriteStartArray("stop_sequences"u8);
            foreach (var stop in request.Stop) stop.WriteTo(writer);
            writer.WriteEndArray();
        }
        WriteTier(request.ServiceTier, writer, dropped);
        if (!request.UserId.IsEmpty)
        {
            writer.WriteStartObject("metadata"u8);
            writer.WriteText("user_id"u8, request.UserId);
            writer.WriteEndObject();
        }
        if (request.Stream) writer.WriteBoolean("stream"u8, true);
        writer.WriteEndObject();
        return null;
    }

    private static bool IsForced(ToolChoice? choice) => choice?.Kind is ToolChoiceKind.Required or ToolChoiceKind.Named;

    /// <summary>The API wants a cap always. Where the caller gave none there is room for the thoughts beside the answer.</summary>
    private static long MaxTokensOf(ChatRequest request, DeploymentSnapshot deployment, AnthropicModelTraits model)
    {
        if (request.MaxOutputTokens is { } given) return given;
        var most = (long?)deployment.MaxOutputTokens;
        if (most is { } known) return known;
        var thinks = request.Reasoning is { } wish && wish.Enabled != false && wish.Effort != "none";
        return thinks && (!model.IsAdaptive || request.Reasoning!.BudgetTokens is not null)
            ? DefaultMaxTokens + AnthropicThinking.BudgetOf(request.Reasoning!)
            : DefaultMaxTokens;
    }

    private static void NameTheInexpressible(ChatRequest request, DroppedFields dropped)
    {
        dropped.AddIf(request.Seed is not null, "seed");
        dropped.AddIf(request.FrequencyPenalty is not (null or 0), "frequency_penalty");
        dropped.AddIf(request.PresencePenalty is not (null or 0), "presence_penalty");
        dropped.AddIf(request.LogitBias.IsPresent, "logit_bias");
        dropped.AddIf(request.Choices > 1, "n");
        dropped.AddIf(request.Logprobs == true, "logprobs");
        dropped.AddIf(request.TopLogprobs > 0, "top_logprobs");
    }

    private static void WriteTools(ChatRequest request, AnthropicModelTraits model, bool forcesTool, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (request.Tools.Count == 0) return;
        writer.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            writer.WriteStartObject();
            writer.WriteText("name"u8, tool.Name);
            writer.WriteTextIfAny("description"u8, tool.Description);
            writer.WritePropertyName("input_schema"u8);
            if (tool.Schema.IsPresent) tool.Schema.WriteTo(writer);
            else writer.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
            if (tool.Strict == true)
            {
                if (model.TakesSchema) writer.WriteBoolean("strict"u8, true);
                else dropped.Add("tools.strict");
            }
            AnthropicConversationWriter.WriteCache(tool.Cache, writer);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();

        var kind = forcesTool || !IsForced(request.ToolChoice) ? request.ToolChoice?.Kind : null;
        var oneAtATime = request.ParallelToolCalls == false;
        if (kind is null && !oneAtATime) return;
        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, kind switch
        {
            ToolChoiceKind.None => "none"u8,
            ToolChoiceKind.Required => "any"u8,
            ToolChoiceKind.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (kind == ToolChoiceKind.Named) writer.WriteText("name"u8, request.ToolChoice!.Name);
        if (oneAtATime && kind != ToolChoiceKind.None) writer.WriteBoolean("disable_parallel_tool_use"u8, true);
        writer.WriteEndObject();
    }

    private static void WriteSampling(ChatRequest request, AnthropicModelTraits model, AnthropicThinking thinking, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var temperature = request.Temperature;
        var topP = request.TopP;
        var topK = request.TopK;
        if (temperature > 1)
        {
            // OpenAI counts to 2. The most random is the most random.
            temperature = 1;
            dropped.Add("temperature>1");
        }
        if (!model.TakesSampling)
        {
            dropped.AddIf(temperature is not (null or 1), "temperature");
            dropped.AddIf(topP is not (null or 1), "top_p");
            dropped.AddIf(topK is not null, "top_k");
            return;
        }
        if (thinking.IsOn)
        {
            // With thinking the API takes only its own temperature, no top_k, and of top_p the upper end.
            dropped.AddIf(temperature is not (null or 1), "temperature");
            dropped.AddIf(topK is not null, "top_k");
            dropped.AddIf(topP < 0.95, "top_p");
            temperature = null;
            topK = null;
            if (topP < 0.95) topP = null;
        }
        if (temperature is not null && topP is not null && !model.TakesBothSamplings)
        {
            dropped.AddIf(topP != 1, "top_p");
            topP = null;
        }
        if (temperature is { } t) writer.WriteNumber("temperature"u8, t);
        if (topP is { } p) writer.WriteNumber("top_p"u8, p);
        if (topK is { } k) writer.WriteNumber("top_k"u8, k);
    }

    private static void WriteThinking(AnthropicThinking thinking, Utf8JsonWriter writer)
    {
        if (thinking.Type is null) return;
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, thinking.Type);
        if (thinking.Budget > 0) writer.WriteNumber("budget_tokens"u8, thinking.Budget);
        if (thinking.Display is not null) writer.WriteString("display"u8, thinking.Display);
        writer.WriteEndObject();
    }

    private static void WriteOutputConfig(ChatRequest request, AnthropicModelTraits model, AnthropicThinking thinking, Utf8JsonWriter writer, DroppedFields dropped)
    {
        var format = request.ResponseFormat;
        // Any JSON object has no form here; the prompt of such a request asks for JSON itself, OpenAI insists on that.
        if (format is not null && (!format.Schema.IsPresent || !model.TakesSchema))
        {
            dropped.Add("response_format");
            format = null;
        }
        if (format is null && thinking.Effort is null) return;
        writer.WriteStartObject("output_config"u8);
        if (thinking.Effort is not null) writer.WriteString("effort"u8, thinking.Effort);
        if (format is not null)
        {
            writer.WriteStartObject("format"u8);
            writer.WriteString("type"u8, "json_schema"u8);
            writer.WriteRaw("schema"u8, format.Schema);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteTier(string? tier, Utf8JsonWriter writer, DroppedFields dropped)
    {
        switch (tier)
        {
            case null:
                break;
            case "auto":
                writer.WriteString("service_tier"u8, "auto"u8);
                break;
            case "default":
                writer.WriteString("service_tier"u8, "standard_only"u8);
                break;
            default:
                dropped.Add("service_tier");
                break;
        }
    }
}
