using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>What the embeddings of both APIs have in common.</summary>
internal static class EmbeddingVectors
{
    private const long MostTokens = 1_000_000_000;

    /// <summary>Refuses what neither takes.</summary>
    public static Refusal? Unfit(EmbeddingsRequest request) =>
        request.HasTokenInputs ? Refusal.InvalidRequest("This model's provider takes texts, not token numbers. Send the text itself.", "input") : null;

    /// <summary>
    /// Reads an object with <c>values</c> and, at Vertex AI, <c>statistics.token_count</c>; the reader stands at its beginning. False when there is no vector.
    /// </summary>
    public static bool TryReadValues(ref Utf8JsonReader reader, EmbeddingsReply reply, out long? tokens)
    {
        tokens = null;
        float[]? vector = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValues = reader.ValueTextEquals("values"u8);
            var isStatistics = reader.ValueTextEquals("statistics"u8);
            reader.Read();
            if (isValues && reader.TokenType == JsonTokenType.StartArray)
            {
                if ((vector = VectorAt(ref reader, reply)) is null) return false;
            }
            else if (isStatistics && reader.TokenType == JsonTokenType.StartObject)
            {
                tokens = TokensAt(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        if (vector is not { Length: > 0 }) return false;
        reply.Vectors.Add(vector);
        return true;
    }

    private static float[]? VectorAt(ref Utf8JsonReader reader, EmbeddingsReply reply)
    {
        // Vectors of one reply are of one length.
        var values = new List<float>(reply.Vectors is [var first, ..] ? first.Length : 768);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out var value)) return null;
            values.Add(value);
        }
        return [.. values];
    }

    private static long? TokensAt(ref Utf8JsonReader reader)
    {
        long? tokens = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCount = reader.ValueTextEquals("token_count"u8);
            reader.Read();
            // A whole number, but written as 5.0 by some versions.
            if (isCount && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var count) && count is >= 0 and <= MostTokens) tokens = (long)count;
            reader.Skip();
        }
        return tokens;
    }
}
