using System.Text.Json;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Reads <c>usageMetadata</c> (Gemini API and Vertex AI reference, "UsageMetadata"). <c>promptTokenCount</c> contains the cached ones;
/// <c>candidatesTokenCount</c> leaves out the thoughts; what Google's own tools fed to the model is counted apart. Ours are disjoint classes.
/// </summary>
internal static class GeminiUsage
{
    // More than any model takes: such a report is a fault, and sums of it could turn negative.
    private const long Unbelievable = 1_000_000_000_000;

    /// <summary>Reads the object that the reader stands at; null when it reports nothing that can be counted.</summary>
    public static TokenUsage? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        long? prompt = null, answers = null, thoughts = null, total = null;
        long cached = 0, tools = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("promptTokenCount"u8)) prompt = Count(ref reader);
            else if (reader.ValueTextEquals("candidatesTokenCount"u8)) answers = Count(ref reader);
            else if (reader.ValueTextEquals("thoughtsTokenCount"u8)) thoughts = Count(ref reader);
            else if (reader.ValueTextEquals("totalTokenCount"u8)) total = Count(ref reader);
            else if (reader.ValueTextEquals("cachedContentTokenCount"u8)) cached = Count(ref reader) ?? 0;
            else if (reader.ValueTextEquals("toolUsePromptTokenCount"u8)) tools = Count(ref reader) ?? 0;
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (prompt is null && answers is null && thoughts is null) return null;

        var input = (prompt ?? 0) + tools;
        cached = Math.Min(cached, input);
        var reasoning = thoughts ?? 0;
        var output = (answers ?? 0) + reasoning;
        // Some versions count the thoughts among the answers: then the total shows it.
        if (reasoning > 0 && answers >= reasoning && total == input + answers) output = answers.Value;
        return new TokenUsage(input - cached, cached, 0, output, reasoning);
    }

    private static long? Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count is >= 0 and <= Unbelievable) return count;
        reader.Skip();
        return null;
    }
}
