using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>
/// OpenAI's usage object (API reference, "CompletionUsage", and "ResponseUsage" with other names). Input contains the cached tokens, output the
/// reasoning; ours are disjoint, so the cached are taken off the input here and nowhere else.
/// </summary>
internal static class OpenAiUsage
{
    // No model reads or writes as much: such a number is a fault, and sums of larger ones would overflow.
    private const long MaxTokens = 1L << 50;

    /// <summary>Reads the object that the reader stands at; null when it reports nothing that can be counted.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        long? prompt = null, completion = null, total = null;
        long cached = 0, written = 0, reasoning = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8)) prompt = Count(ref reader);
            else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8)) completion = Count(ref reader);
            else if (reader.ValueTextEquals("total_tokens"u8)) total = Count(ref reader);
            // DeepSeek's and Moonshot's names beside or instead of the details.
            else if (reader.ValueTextEquals("prompt_cache_hit_tokens"u8) || reader.ValueTextEquals("cached_tokens"u8)) cached = Math.Max(cached, Count(ref reader) ?? 0);
            else if (IsDetails(ref reader)) ReadDetails(ref reader, ref cached, ref written, ref reasoning);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (prompt is null && completion is null) return null;
        var input = prompt ?? 0;
        var output = completion ?? 0;
        // xAI reports reasoning beside the completion; its total tells.
        if (reasoning > 0 && total == input + output + reasoning) output += reasoning;
        // A report that contradicts itself must not make a class negative.
        cached = Math.Min(cached, input);
        written = Math.Min(written, input - cached);
        return new TokenUsage(input - cached - written, cached, written, output, Math.Min(reasoning, output));
    }

    private static bool IsDetails(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("completion_tokens_details"u8)
        || reader.ValueTextEquals("input_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8);

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
            if (reader.ValueTextEquals("cached_tokens"u8)) cached = Math.Max(cached, Count(ref reader) ?? 0);
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
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count is >= 0 and <= MaxTokens) return count;
        reader.Skip();
        return null;
    }
}
