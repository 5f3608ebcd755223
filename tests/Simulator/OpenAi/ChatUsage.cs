using System.Text.Json;
using AspireGateway.Simulator.Composing;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>The usage of a chat answer in OpenAI's shape.</summary>
internal static class ChatUsage
{
    public static void Write(Utf8JsonWriter writer, TokenCounts counts)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", counts.Prompt);
        writer.WriteNumber("completion_tokens", counts.Completion);
        writer.WriteNumber("total_tokens", counts.Total);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", counts.CacheRead);
        writer.WriteNumber("audio_tokens", 0);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", counts.Reasoning);
        writer.WriteNumber("audio_tokens", 0);
        writer.WriteNumber("accepted_prediction_tokens", 0);
        writer.WriteNumber("rejected_prediction_tokens", 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
