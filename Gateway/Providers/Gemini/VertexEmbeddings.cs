using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Embeddings through <c>predict</c> (Vertex AI, "Text embeddings API").</summary>
internal sealed class VertexEmbeddings : IEmbeddingsTranslator
{
    /// <inheritdoc />
    public Refusal? WriteRequest(EmbeddingsRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (EmbeddingVectors.Unfit(request) is { } refusal) return refusal;
        writer.WriteStartObject();
        writer.WriteStartArray("instances"u8);
        foreach (var input in request.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteText("content"u8, input);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartObject("parameters"u8);
        // By default a long text is cut without a word.
        writer.WriteBoolean("autoTruncate"u8, false);
        if (request.Dimensions is { } dimensions) writer.WriteNumber("outputDimensionality"u8, dimensions);
        writer.WriteEndObject();
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
            long? tokens = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isPredictions = reader.ValueTextEquals("predictions"u8);
                reader.Read();
                if (!isPredictions || reader.TokenType != JsonTokenType.StartArray)
                {
                    reader.Skip();
                    continue;
                }
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    if (!TryReadPrediction(ref reader, reply, out var counted)) return false;
                    if (counted is not null) tokens = (tokens ?? 0) + counted;
                }
            }
            reader.Read();
            if (tokens is { } all) reply.Usage = new TokenUsage(all, 0, 0, 0, 0);
            return reply.Vectors.Count > 0;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadPrediction(ref Utf8JsonReader reader, EmbeddingsReply reply, out long? tokens)
    {
        tokens = null;
        var hasVector = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEmbeddings = reader.ValueTextEquals("embeddings"u8);
            reader.Read();
            if (!isEmbeddings || reader.TokenType != JsonTokenType.StartObject) reader.Skip();
            else if (!hasVector && EmbeddingVectors.TryReadValues(ref reader, reply, out tokens)) hasVector = true;
            else return false;
        }
        return hasVector;
    }
}
