using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Embeddings through <c>batchEmbedContents</c> (Gemini API, "Embeddings").</summary>
internal sealed class GeminiEmbeddings : IEmbeddingsTranslator
{
    /// <inheritdoc />
    public Refusal? WriteRequest(EmbeddingsRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (EmbeddingVectors.Unfit(request) is { } refusal) return refusal;
        writer.WriteStartObject();
        writer.WriteStartArray("requests"u8);
        foreach (var input in request.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("model"u8, "models/" + deployment.UpstreamModel);
            writer.WriteStartObject("content"u8);
            writer.WriteStartArray("parts"u8);
            writer.WriteStartObject();
            writer.WriteText("text"u8, input);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            if (request.Dimensions is { } dimensions) writer.WriteNumber("outputDimensionality"u8, dimensions);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        return null;
    }

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, EmbeddingsReply reply)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isVectors = reader.ValueTextEquals("embeddings"u8);
                var isUsage = reader.ValueTextEquals("usageMetadata"u8);
                reader.Read();
                if (isVectors && reader.TokenType == JsonTokenType.StartArray)
                {
                    while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                        if (!EmbeddingVectors.TryReadValues(ref reader, reply, out _)) return false;
                }
                else if (isUsage)
                {
                    reply.Usage = GeminiUsage.Read(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
            reader.Read();
            return reply.Vectors.Count > 0;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
