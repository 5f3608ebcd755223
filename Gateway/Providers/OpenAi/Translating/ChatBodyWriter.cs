using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>Writes a neutral request as the body of a chat completion (OpenAI API reference, "Create chat completion"), as far as the vendor takes it.</summary>
internal sealed class ChatBodyWriter(OpenAiVendor vendor, Utf8JsonWriter writer, DroppedFields dropped)
{
    /// <summary>Writes the whole body; returns why it cannot be written.</summary>
    public Refusal? Write(ChatRequest request, byte[] modelJson)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("model"u8);
        writer.WriteRawValue(modelJson, skipInputValidation: true);
        if (new ChatMessageWriter(vendor, writer, dropped).WriteAll(request) is { } refusal) return refusal;
        if (request.Tools.Count > 0) WriteTools(request);
        if (request.ResponseFormat is { } format) WriteFormat(format);
        WriteSampling(request);
        WriteReasoning(request.Reasoning, request.MaxOutputTokens);
        WriteRest(request);
        writer.WriteEndObject();
        return null;
    }

    private void WriteTools(ChatRequest request)
    {
        writer.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteText("name"u8, tool.Name);
            writer.WriteTextIfAny("description"u8, tool.Description);
            if (tool.Schema.IsPresent) writer.WriteRaw("parameters"u8, tool.Schema);
            if (tool.Strict is { } strict) writer.WriteBoolean("strict"u8, strict);
            writer.WriteEndObject();
            if (tool.Cache is { } cache) WriteCache(cache);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (request.ToolChoice is { } choice && Takes("tool_choice", choice.Kind != ToolChoiceKind.Auto)) WriteToolChoice(choice);
        if (request.ParallelToolCalls is { } parallel && Takes("parallel_tool_calls", !parallel)) writer.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private void WriteToolChoice(ToolChoice choice)
    {
        if (choice.Kind != ToolChoiceKind.Named)
        {
            writer.WriteString("tool_choice"u8, choice.Kind switch
            {
                ToolChoiceKind.None => "none"u8,
                ToolChoiceKind.Required => "required"u8,
                _ => "auto"u8,
            });
            return;
        }
        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteText("name"u8, choice.Name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteFormat(ResponseFormat format)
    {
        if (!format.Schema.IsPresent)
        {
            writer.WriteStartObject("response_format"u8);
            writer.WriteString("type"u8, "json_object"u8);
            writer.WriteEndObject();
            return;
        }
        if (!vendor.JsonSchema)
        {
            dropped.Add("response_format");
            return;
        }
        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("json_schema"u8);
        if (format.Name.IsEmpty) writer.WriteString("name"u8, "response"u8);
        else writer.WriteText("name"u8, format.Name);
        writer.WriteTextIfAny("description"u8, format.Description);
        writer.WriteRaw("schema"u8, format.Schema);
        if (format.Strict is { } strict) writer.WriteBoolean("strict"u8, strict);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteSampling(ChatRequest request)
    {
        if (request.MaxOutputTokens is { } cap) writer.WriteNumber(vendor.MaxTokensField, cap);
        if (request.Temperature is { } temperature && Takes("temperature")) writer.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP && Takes("top_p")) writer.WriteNumber("top_p"u8, topP);
        if (request.TopK is { } topK)
        {
            if (vendor.TopK) writer.WriteNumber("top_k"u8, topK);
            else dropped.Add("top_k");
        }
        if (request.Seed is { } seed && Takes("seed")) writer.WriteNumber(vendor.NameOf("seed"), seed);
        if (request.FrequencyPenalty is { } frequency && Takes("frequency_penalty")) writer.WriteNumber("frequency_penalty"u8, frequency);
        if (request.PresencePenalty is { } presence && Takes("presence_penalty")) writer.WriteNumber("presence_penalty"u8, presence);
        if (request.LogitBias.IsPresent && Takes("logit_bias")) writer.WriteRaw("logit_bias"u8, request.LogitBias);
        if (request.Choices is { } choices && Takes("n", choices != 1)) writer.WriteNumber("n"u8, choices);
        WriteLogprobs(request);
        if (request.Stop.Count == 0 || !Takes("stop")) return;
        writer.WriteStartArray("stop"u8);
        foreach (var stop in request.Stop) stop.WriteTo(writer);
        writer.WriteEndArray();
    }

    private void WriteLogprobs(ChatRequest request)
    {
        var isAsked = request.Logprobs == true && Takes("logprobs");
        if (isAsked) writer.WriteBoolean("logprobs"u8, true);
        // The alternatives stand inside the probabilities: alone they are refused.
        if (request.TopLogprobs is not > 0) return;
        if (isAsked && Takes("top_logprobs")) writer.WriteNumber("top_logprobs"u8, request.TopLogprobs.Value);
        else dropped.Add("top_logprobs");
    }

    private void WriteReasoning(ReasoningOptions? reasoning, long? cap)
    {
        if (reasoning is null) return;
        switch (vendor.Reasoning)
        {
            case ReasoningRequest.Effort:
                WriteEffort(reasoning);
                break;
            case ReasoningRequest.Object:
                writer.WriteStartObject("reasoning"u8);
                if (reasoning.Enabled is { } enabled) writer.WriteBoolean("enabled"u8, enabled);
                if (reasoning.BudgetTokens is { } budget) writer.WriteNumber("max_tokens"u8, budget >= cap ? Math.Max(1, cap.Value / 2) : budget);
                else if (reasoning.Effort is { } effort) writer.WriteString("effort"u8, effort);
                if (reasoning.IncludeThoughts is { } include) writer.WriteBoolean("exclude"u8, !include);
                writer.WriteEndObject();
                break;
            case ReasoningRequest.Switch:
                var isOn = reasoning.Enabled ?? reasoning.Effort is not "none";
                writer.WriteStartObject("thinking"u8);
                writer.WriteString("type"u8, isOn ? "enabled"u8 : "disabled"u8);
                writer.WriteEndObject();
                if (isOn) dropped.AddIf(reasoning.Effort is not null || reasoning.BudgetTokens is not null, "reasoning_effort");
                break;
            default:
                dropped.Add("reasoning_effort");
                break;
        }
        if (vendor.Reasoning != ReasoningRequest.Object) dropped.AddIf(reasoning.IncludeThoughts == true && vendor.ReasoningField is null, "reasoning.summary");
    }

    private void WriteEffort(ReasoningOptions reasoning)
    {
        var effort = reasoning.Effort ?? (reasoning.BudgetTokens is { } budget ? ReasoningBudget.EffortOf(budget) : reasoning.Enabled == true ? "medium" : null);
        // Models that always think know no "off", and those that never do refuse the word: only who said OpenAI's own word for it meant to send it.
        if (reasoning.Enabled == false && reasoning.Effort is null) dropped.Add("reasoning_effort");
        else if (effort is not null && Takes("reasoning_effort")) writer.WriteString("reasoning_effort"u8, effort);
    }

    private void WriteRest(ChatRequest request)
    {
        if (request.ServiceTier is { } tier && Takes("service_tier"))
        {
            if (tier is "auto" or "default" or "flex" or "priority" or "scale") writer.WriteString("service_tier"u8, tier);
            else dropped.Add("service_tier");
        }
        if (!request.UserId.IsEmpty && Takes("user")) writer.WriteText("user"u8, request.UserId);
        if (!request.Stream) return;
        writer.WriteBoolean("stream"u8, true);
        if (!vendor.StreamOptions) return;
        writer.WriteStartObject("stream_options"u8);
        writer.WriteBoolean("include_usage"u8, true);
        writer.WriteEndObject();
    }

    private void WriteCache(CacheMarker cache)
    {
        if (!vendor.CacheControl)
        {
            dropped.Add("cache_control");
            return;
        }
        ChatPartWriter.WriteCacheMarker(writer, cache);
    }

    /// <summary>Whether the vendor takes a field; else it is dropped, by name if leaving it out changes anything.</summary>
    private bool Takes(string field, bool matters = true)
    {
        if (!vendor.Drops(field)) return true;
        dropped.AddIf(matters, field);
        return false;
    }
}
