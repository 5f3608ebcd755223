using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.OpenAi;

/// <summary>What whole replies and streams of chat completions have in common.</summary>
internal static class OpenAiReplyWords
{
    private static ReadOnlySpan<byte> IdStart => "chatcmpl-"u8;

    /// <summary>The reply's id: the provider's own where it has the form that clients expect.</summary>
    public static JsonText IdOf(JsonText providers, in ReplyContext context) =>
        providers.Escaped.StartsWith(IdStart) ? providers : JsonText.Of($"chatcmpl-{context.Id:N}");

    /// <summary>The served model.</summary>
    public static JsonText ModelOf(JsonText providers, in ReplyContext context) => providers.IsEmpty ? JsonText.Of(context.Model) : providers;

    /// <summary>
    /// The finish reason. There is no word for a refusal: one that is said in words is an answer that ended, one that is not was the provider's filter.
    /// </summary>
    public static ReadOnlySpan<byte> FinishOf(FinishReason? reason, bool hasRefusal) => reason switch
    {
        FinishReason.Length => "length"u8,
        FinishReason.ToolCalls => "tool_calls"u8,
        FinishReason.ContentFilter => "content_filter"u8,
        FinishReason.Refusal when !hasRefusal => "content_filter"u8,
        _ => "stop"u8,
    };

    /// <summary>Writes OpenAI's usage object (API reference, "CompletionUsage"): input contains the cached tokens, output the reasoning.</summary>
    public static void WriteUsage(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject();
        writer.WriteNumber("prompt_tokens"u8, usage.TotalInput);
        writer.WriteNumber("completion_tokens"u8, usage.Output);
        writer.WriteNumber("total_tokens"u8, usage.TotalInput + usage.Output);
        writer.WriteStartObject("prompt_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, usage.CacheRead);
        if (usage.CacheWrite > 0) writer.WriteNumber("cache_write_tokens"u8, usage.CacheWrite);
        writer.WriteNumber("audio_tokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        writer.WriteNumber("audio_tokens"u8, 0);
        writer.WriteNumber("accepted_prediction_tokens"u8, 0);
        writer.WriteNumber("rejected_prediction_tokens"u8, 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes a source. Those without an address have no form here.</summary>
    public static void WriteAnnotation(Utf8JsonWriter writer, JsonText url, JsonText title, AnswerPlace place)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "url_citation"u8);
        writer.WriteStartObject("url_citation"u8);
        writer.WriteText("url"u8, url);
        writer.WriteText("title"u8, title);
        writer.WriteNumber("start_index"u8, place.Start);
        writer.WriteNumber("end_index"u8, place.End);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes thoughts with their proof, or ciphertext, as an element of <c>reasoning_details</c>.</summary>
    public static void WriteDetail(Utf8JsonWriter writer, PartKind kind, JsonText text, JsonText signature)
    {
        writer.WriteStartObject();
        if (kind == PartKind.RedactedThinking)
        {
            writer.WriteString("type"u8, "reasoning.encrypted"u8);
            writer.WriteText("data"u8, text);
        }
        else
        {
            writer.WriteString("type"u8, "reasoning.text"u8);
            writer.WriteText("text"u8, text);
            writer.WriteTextIfAny("signature"u8, signature);
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes Google's place for the proof behind a tool call.</summary>
    public static void WriteThoughtSignature(Utf8JsonWriter writer, JsonText signature)
    {
        writer.WriteStartObject("extra_content"u8);
        writer.WriteStartObject("google"u8);
        writer.WriteText("thought_signature"u8, signature);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
