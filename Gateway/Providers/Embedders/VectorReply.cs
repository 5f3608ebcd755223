using System.Runtime.InteropServices;
using System.Text.Json;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Index;

namespace AspireGateway.Gateway.Providers.Embedders;

/// <summary>Reads the one vector of an embeddings reply (API reference of OpenAI, "The embedding object"), whatever the provider's protocol.</summary>
internal static class VectorReply
{
    /// <summary>The vector, of unit length; null = there is none that can be used.</summary>
    public static float[]? Read(ProviderReply reply)
    {
        var vector = reply.Embeddings is { Vectors: [var made, ..] } ? made : reply.Body is { } body ? Read(body.Span) : null;
        return vector is { Length: > 0 and <= RowCodec.MostDimensions } && LexicalEmbedder.TryNormalise(vector) ? vector : null;
    }

    /// <summary>The first vector of a reply in OpenAI's form; null = there is none.</summary>
    internal static float[]? Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                // data[0].embedding: inside the root, the list and its element.
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 3 || !reader.ValueTextEquals("embedding"u8)) continue;
                reader.Read();
                return reader.TokenType switch { JsonTokenType.StartArray => Numbers(ref reader), JsonTokenType.String => Base64(ref reader), _ => null };
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            // What it says instead is nothing to be kept.
        }
        return null;
    }

    private static float[]? Numbers(ref Utf8JsonReader reader)
    {
        var vector = new List<float>(1_536);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || vector.Count == RowCodec.MostDimensions) return null;
            vector.Add(reader.GetSingle());
        }
        return [.. vector];
    }

    // Little-endian floats of 32 bits.
    private static float[]? Base64(ref Utf8JsonReader reader) =>
        reader.TryGetBytesFromBase64(out var bytes) && bytes.Length % sizeof(float) == 0 ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : null;
}
