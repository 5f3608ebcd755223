using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Tests.Neutral;

/// <summary>Writes a neutral request as lines of text, for golden files.</summary>
internal static class RequestDump
{
    /// <summary>The lines; of a refused request what it was refused with.</summary>
    public static string Of(ChatRequest request, Refusal? refusal)
    {
        var text = new StringBuilder();
        if (refusal is not null)
        {
            Line(text, $"refused {refusal.Status} {refusal.Code} {refusal.Param}: {refusal.Message}");
            return text.ToString();
        }
        Parameters(request, text);
        foreach (var tool in request.Tools)
            Line(text, $"tool {tool.Name}{Said("description", tool.Description)}{Said("strict", tool.Strict)}{Cache(tool.Cache)} schema={Raw(tool.Schema)}");
        foreach (var message in request.Messages)
        {
            Line(text, $"{message.Role}{Said("name", message.Name)}");
            foreach (var part in message.Parts) Part(part, "  ", text);
        }
        foreach (var name in request.Unmapped) Line(text, $"unmapped {name}");
        return text.ToString();
    }

    private static void Parameters(ChatRequest request, StringBuilder text)
    {
        Value("max_output_tokens", request.MaxOutputTokens);
        Value("temperature", request.Temperature);
        Value("top_p", request.TopP);
        Value("top_k", request.TopK);
        Value("seed", request.Seed);
        Value("frequency_penalty", request.FrequencyPenalty);
        Value("presence_penalty", request.PresencePenalty);
        Value("choices", request.Choices);
        Value("logprobs", request.Logprobs);
        Value("top_logprobs", request.TopLogprobs);
        Value("parallel", request.ParallelToolCalls);
        Value("tier", request.ServiceTier);
        if (request.LogitBias.IsPresent) Line(text, $"logit_bias {Raw(request.LogitBias)}");
        if (!request.UserId.IsEmpty) Line(text, $"user {request.UserId}");
        if (request.Stream) Line(text, $"stream");
        foreach (var stop in request.Stop) Line(text, $"stop {Encoding.UTF8.GetString(stop.Quoted)}");
        if (request.ToolChoice is { } choice) Line(text, $"tool_choice {choice.Kind}{Said("name", choice.Name)}");
        if (request.ResponseFormat is { } format) Line(text, $"format{Said("name", format.Name)}{Said("strict", format.Strict)} schema={Raw(format.Schema)}");
        if (request.Reasoning is { } reasoning)
            Line(text, $"reasoning{Said("enabled", reasoning.Enabled)}{Said("effort", reasoning.Effort)}{Said("budget", reasoning.BudgetTokens)}{Said("thoughts", reasoning.IncludeThoughts)}");

        void Value<T>(string name, T? value)
        {
            if (value is not null) Line(text, $"{name} {value}");
        }
    }

    private static void Part(ContentPart part, string indent, StringBuilder text)
    {
        switch (part)
        {
            case ToolResultPart result:
                Line(text, $"{indent}result of={result.CallId}{(result.IsError ? " error" : "")}{Cache(part.Cache)}");
                foreach (var inner in result.Content) Part(inner, indent + "  ", text);
                return;
            case ToolCallPart call:
                Line(text, $"{indent}call id={call.Id} name={call.Name}{Said("signature", call.Signature)}{Cache(part.Cache)} {Raw(call.Arguments)}");
                return;
            case TextPart words:
                Line(text, $"{indent}text{Cache(part.Cache)} {Encoding.UTF8.GetString(words.Text.Quoted)}");
                return;
            case ImagePart image:
                Line(text, $"{indent}image{Cache(part.Cache)}{Said("detail", image.Detail)} {Media(image.Source)}");
                return;
            case DocumentPart document:
                Line(text, $"{indent}document{Cache(part.Cache)}{Said("name", document.Name)}{Said("context", document.Context)}{(document.Cite ? " cite" : "")} {Media(document.Source)}");
                return;
            case AudioPart audio:
                Line(text, $"{indent}audio {Media(audio.Source)}");
                return;
            case ThinkingPart thinking:
                Line(text, $"{indent}thinking{Said("signature", thinking.Signature)} {Encoding.UTF8.GetString(thinking.Text.Quoted)}");
                return;
            case RedactedThinkingPart redacted:
                Line(text, $"{indent}redacted {redacted.Data}");
                return;
            case RefusalPart refusal:
                Line(text, $"{indent}refusal {refusal.Text}");
                return;
        }
    }

    private static string Media(MediaSource source) => $"{source.Form} {source.MediaType} {source.Value}";

    private static string Cache(CacheMarker? cache) => cache is null ? "" : $" cache={cache.Ttl ?? "default"}";

    private static string Said(string name, object? value) => value is null or JsonText { IsEmpty: true } ? "" : $" {name}={value}";

    private static string Raw(JsonRaw raw) => raw.IsPresent ? Encoding.UTF8.GetString(raw.Bytes.Span) : "none";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
