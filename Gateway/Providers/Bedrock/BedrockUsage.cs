using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// The usage object of Converse (Amazon Bedrock API reference, "TokenUsage"; "Prompt caching": <c>inputTokens</c> counts only what was neither read
/// from nor written to a cache). So its classes are disjoint as ours are, and reasoning is inside the output without being told.
/// </summary>
internal static class BedrockUsage
{
    // Above every context and far below what sums of a long hold.
    private const long MostTokens = 1_000_000_000_000;

    /// <summary>Reads the object that the reader stands at; null when it reports nothing that can be counted.</summary>
    public static TokenUsage? Read(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        long? input = null, output = null;
        long cacheRead = 0, cacheWrite = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("inputTokens"u8)) input = Count(ref reader);
            else if (reader.ValueTextEquals("outputTokens"u8)) output = Count(ref reader);
            else if (reader.ValueTextEquals("cacheReadInputTokens"u8)) cacheRead = Count(ref reader) ?? 0;
            else if (reader.ValueTextEquals("cacheWriteInputTokens"u8)) cacheWrite = Count(ref reader) ?? 0;
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        return input is null && output is null ? null : new TokenUsage(input ?? 0, cacheRead, cacheWrite, output ?? 0, Reasoning: 0);
    }

    private static long? Count(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0) return Math.Min(count, MostTokens);
        reader.Skip();
        return null;
    }
}
