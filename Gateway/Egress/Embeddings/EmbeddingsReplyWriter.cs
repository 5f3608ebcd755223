using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Embeddings;

/// <summary>Writes embeddings of another dialect in OpenAI's shape (API reference, "Create embeddings").</summary>
internal static class EmbeddingsReplyWriter
{
    /// <summary>Writes the whole body.</summary>
    /// <param name="reply">The vectors.</param>
    /// <param name="asBase64">Whether as base64 of little-endian 32-bit floats, else as numbers.</param>
    /// <param name="modelJson">The model's name as JSON where the provider reports none.</param>
    /// <param name="inputTokens">Tokens of the texts, reported or estimated.</param>
    /// <param name="writer">Takes the body.</param>
    public static void Write(EmbeddingsReply reply, bool asBase64, ReadOnlySpan<byte> modelJson, long inputTokens, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteStartArray("data"u8);
        for (var i = 0; i < reply.Vectors.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "embedding"u8);
            writer.WriteNumber("index"u8, i);
            writer.WritePropertyName("embedding"u8);
            if (asBase64) VectorBytes.WriteBase64(reply.Vectors[i], writer);
            else VectorBytes.WriteNumbers(reply.Vectors[i], writer);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WritePropertyName("model"u8);
        if (reply.Model.IsEmpty) writer.WriteRawValue(modelJson, skipInputValidation: true);
        else reply.Model.WriteTo(writer);
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("prompt_tokens"u8, inputTokens);
        writer.WriteNumber("total_tokens"u8, inputTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
    }
}
