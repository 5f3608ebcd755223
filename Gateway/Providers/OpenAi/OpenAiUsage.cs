using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// OpenAI's usage object (API reference, "CompletionUsage"). <c>prompt_tokens</c> contains the cached ones, <c>completion_tokens</c> the reasoning;
/// ours are disjoint, so the cached are taken off the input here and nowhere else.
/// </summary>
internal static class OpenAiUsage
{
    /// <summary>Reads the object that the reader stands at; null when it reports nothing that can be counted.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        long? prompt = null, completion = null;
        long cached = 0, written = 0, reasoning = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8)) prompt = Count(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8)) completion = Count(ref reader);
            else if (reader.ValueTextEquals("prompt_tokens_details"u8)) ReadDetails(ref reader, ref cached, ref written, ref reasoning);
            else if (reader.ValueTextEquals("completion_tokens_details"u8)) ReadDetails(ref reader, ref cached, ref written, ref reasoning);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (prompt is null && completion is null) return null;
        var output = completion ?? 0;
        // A report that contradicts itself must not make a class negative.
        cached = Math.Min(cached, prompt ?? 0);
        written = Math.Min(written, (prompt ?? 0) - cached);
        return new TokenUsage((prompt ?? 0) - cached - written, cached, written, output, Math.Min(reasoning, output));
    }

    private static void ReadDetails(ref Utf8JsonReader reader, ref long cached, ref long written, ref long reasoning)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cached_tokens"u8)) cached = Count(ref reader) ?? 0;
            else if (reader.ValueTextEquals("cache_write_tokens"u8)) written = Count(ref reader) ?? 0;
            else if (reader.ValueTextEquals("reasoning_tokens"u8)) reasoning = Count(ref reader) ?? 0;
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0) return count;
        reader.Skip();
        return null;
    }
}
