using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>Reads the top level of a request: its parameters at once, and where the conversation and the tools stand.</summary>
internal static class AnthropicParameters
{
    /// <summary>Fills the parameters; null = they are acceptable.</summary>
    public static Refusal? Read(JsonElement root, JsonSource source, ChatRequest request, ref Parts parts)
    {
        JsonElement thinking = default, outputConfig = default, outputFormat = default;
        foreach (var property in root.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind == JsonValueKind.Null) continue;
            var refusal = default(Refusal);
            switch (property.Name)
            {
                case "model":
                    break;
                case "messages":
                    parts.Messages = value;
                    break;
                case "system":
                    parts.System = value;
                    break;
                case "tools":
                    parts.Tools = value;
                    break;
                case "tool_choice":
                    parts.ToolChoice = value;
                    break;
                case "cache_control":
                    parts.Cache = CacheOf(value);
                    break;
                case "max_tokens":
                    if (!TryWhole(value, out var tokens) || tokens < 1)
                        refusal = Refusal.InvalidRequest("Field 'max_tokens' must be a whole number of at least 1.", "max_tokens");
                    request.MaxOutputTokens = tokens;
                    break;
                case "temperature":
                    refusal = ReadFraction(value, "temperature", out var temperature);
                    request.Temperature = temperature;
                    break;
                case "top_p":
                    refusal = ReadFraction(value, "top_p", out var topP);
                    request.TopP = topP;
                    break;
                case "top_k":
                    if (!TryWhole(value, out var topK) || topK is < 0 or > int.MaxValue)
                        refusal = Refusal.InvalidRequest("Field 'top_k' must be a whole number of at least 0.", "top_k");
                    request.TopK = (int)topK;
                    break;
                case "stream":
                    request.Stream = value.ValueKind == JsonValueKind.True;
                    break;
                case "stop_sequences":
                    refusal = ReadStops(value, source, request);
                    break;
                case "service_tier":
                    // standard_only means: never on the tier that is paid for in advance.
                    request.ServiceTier = value.ValueKind == JsonValueKind.String ? value.ValueEquals("standard_only"u8) ? "default" : value.GetString() : null;
                    break;
                case "metadata":
                    ReadMetadata(value, source, request);
                    break;
                case "thinking":
                    thinking = value;
                    break;
                case "output_config":
                    outputConfig = value;
                    break;
                case "output_format":
                    outputFormat = value;
                    break;
                case "mcp_servers":
                    if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > 0) refusal = OnlyAnthropic("mcp_servers", "connects to MCP servers by itself");
                    break;
                case "container":
                    refusal = OnlyAnthropic("container", "has containers and skills");
                    break;
                case "inference_geo":
                    refusal = OnlyAnthropic("inference_geo", "knows where this field asks to process the request");
                    break;
                default:
                    request.Unmapped.Add(property.Name);
                    break;
            }
            if (refusal is not null) return refusal;
        }
        if (request.MaxOutputTokens is null)
            return Refusal.InvalidRequest("Field 'max_tokens' is missing. Send the most tokens that the answer may have.", "max_tokens");
        return AnthropicReasoning.Read(thinking, outputConfig, request)
            ?? ReadFormat(outputConfig.ValueKind == JsonValueKind.Object && outputConfig.TryGetProperty("format"u8, out var format) ? format : outputFormat, source, request);
    }

    /// <summary>Reads <c>cache_control</c>; null when it is not one.</summary>
    public static CacheMarker? CacheOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? new CacheMarker(value.TryGetProperty("ttl"u8, out var ttl) && ttl.ValueKind == JsonValueKind.String ? ttl.GetString() : null)
            : null;

    /// <summary>What only Anthropic's own API can do.</summary>
    public static Refusal OnlyAnthropic(string path, string does) =>
        Refusal.UnsupportedParameter($"Field '{path}' cannot be served: only Anthropic's own API {does}, and this model is not served by it. Leave it out, or choose a model of Anthropic.", path);

    /// <summary>A whole number.</summary>
    public static bool TryWhole(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private static Refusal? ReadFraction(JsonElement value, string name, out double? number)
    {
        number = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var given) && given is >= 0 and <= 1 ? given : null;
        return number is null ? Refusal.InvalidRequest($"Field '{name}' must be a number from 0 to 1.", name) : null;
    }

    private static Refusal? ReadStops(JsonElement value, JsonSource source, ChatRequest request)
    {
        if (value.ValueKind != JsonValueKind.Array) return Refusal.InvalidRequest("Field 'stop_sequences' must be an array of strings.", "stop_sequences");
        foreach (var stop in value.EnumerateArray())
        {
            if (stop.ValueKind != JsonValueKind.String) return Refusal.InvalidRequest("Field 'stop_sequences' must be an array of strings.", "stop_sequences");
            request.Stop.Add(source.Text(stop));
        }
        return null;
    }

    private static void ReadMetadata(JsonElement value, JsonSource source, ChatRequest request)
    {
        if (value.ValueKind != JsonValueKind.Object) return;
        foreach (var property in value.EnumerateObject())
        {
            if (property.NameEquals("user_id"u8)) request.UserId = source.Text(property.Value);
            else request.Unmapped.Add("metadata." + property.Name);
        }
    }

    private static Refusal? ReadFormat(JsonElement format, JsonSource source, ChatRequest request)
    {
        if (format.ValueKind != JsonValueKind.Object) return null;
        if (!format.TryGetProperty("type"u8, out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("json_schema"u8)
            || !format.TryGetProperty("schema"u8, out var schema) || schema.ValueKind != JsonValueKind.Object)
            return Refusal.InvalidRequest("Field 'output_config.format' must be of type 'json_schema' and hold a 'schema'.", "output_config.format");
        // Anthropic always holds the answer to the schema, which is what OpenAI calls strict; the name is OpenAI's demand.
        request.ResponseFormat = new ResponseFormat(source.Raw(schema), JsonText.Of("answer"), Strict: true);
        return null;
    }

    /// <summary>The values that are read after the parameters.</summary>
    internal struct Parts
    {
        /// <summary><c>messages</c>.</summary>
        public JsonElement Messages;

        /// <summary><c>system</c>.</summary>
        public JsonElement System;

        /// <summary><c>tools</c>.</summary>
        public JsonElement Tools;

        /// <summary><c>tool_choice</c>.</summary>
        public JsonElement ToolChoice;

        /// <summary><c>cache_control</c> of the whole request: the last part may be cached.</summary>
        public CacheMarker? Cache;
    }
}
