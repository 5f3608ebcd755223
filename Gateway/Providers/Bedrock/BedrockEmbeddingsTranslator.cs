using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// Embeddings through InvokeModel (Amazon Bedrock user guide, "Amazon Titan Text Embeddings", "Cohere Embed models"). Titan's models take one text a
/// request, Cohere's up to 96 and want to know what for: a caller cannot say it here, and documents and queries alike are searched as documents.
/// </summary>
internal sealed class BedrockEmbeddingsTranslator : IEmbeddingsTranslator
{
    private const int MostCohereInputs = 96;

    // What Titan v2 can be asked for.
    private static readonly int[] TitanDimensions = [256, 512, 1024];

    /// <inheritdoc />
    public Refusal? WriteRequest(EmbeddingsRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (request.HasTokenInputs)
            return Refusal.InvalidRequest("Amazon Bedrock takes texts to embed, not token numbers. Send 'input' as a text or as a list of texts.", "input");
        return BedrockModel.Of(deployment.UpstreamModel).Family == BedrockFamily.Cohere
            ? WriteCohere(request, deployment.UpstreamModel, writer, dropped)
            : WriteTitan(request, deployment.UpstreamModel, writer, dropped);
    }

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, EmbeddingsReply reply)
    {
        var reader = new Utf8JsonReader(body, BedrockJson.Options);
        long? tokens = null;
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (BedrockJson.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("embedding"u8))
                {
                    reader.Read();
                    if (!TryReadVector(ref reader, reply)) return false;
                }
                else if (reader.ValueTextEquals("embeddings"u8))
                {
                    if (!TryReadVectors(ref reader, reply)) return false;
                }
                else if (reader.ValueTextEquals("inputTextTokenCount"u8))
                {
                    tokens = BedrockJson.Index(ref reader) is >= 0 and var count ? count : null;
                }
                else
                {
                    BedrockJson.PassOver(ref reader);
                }
            }
            reader.Read();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
        if (tokens is { } input) reply.Usage = new TokenUsage(input, 0, 0, 0, 0);
        return reply.Vectors.Count > 0;
    }

    private static Refusal? WriteTitan(EmbeddingsRequest request, string model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (request.Inputs.Count != 1)
            return Refusal.InvalidRequest("This model on Amazon Bedrock embeds one text a request. Send the texts one by one, or choose a Cohere model.", "input");
        writer.WriteStartObject();
        writer.WriteText("inputText"u8, request.Inputs[0]);
        var hasDimensions = request.Dimensions is { } dimensions && model.Contains("embed-text-v2", StringComparison.Ordinal) && TitanDimensions.Contains(dimensions);
        if (hasDimensions) writer.WriteNumber("dimensions"u8, request.Dimensions!.Value);
        writer.WriteEndObject();
        dropped.AddIf(request.Dimensions is not null && !hasDimensions, "dimensions");
        return null;
    }

    private static Refusal? WriteCohere(EmbeddingsRequest request, string model, Utf8JsonWriter writer, DroppedFields dropped)
    {
        if (request.Inputs.Count > MostCohereInputs)
            return Refusal.InvalidRequest($"This model on Amazon Bedrock embeds at most {MostCohereInputs} texts a request, and these are {request.Inputs.Count}. Send them in several requests.", "input");
        writer.WriteStartObject();
        writer.WriteStartArray("texts"u8);
        foreach (var input in request.Inputs) input.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteString("input_type"u8, "search_document"u8);
        writer.WriteStartArray("embedding_types"u8);
        writer.WriteStringValue("float"u8);
        writer.WriteEndArray();
        var isV4 = model.Contains("embed-v4", StringComparison.Ordinal);
        if (isV4 && request.Dimensions is { } dimensions) writer.WriteNumber("output_dimension"u8, dimensions);
        writer.WriteEndObject();
        dropped.AddIf(request.Dimensions is not null && !isV4, "dimensions");
        return null;
    }

    // [[...], ...] of the older models, {"float":[[...], ...]} where types were asked for.
    private static bool TryReadVectors(scoped ref Utf8JsonReader reader, EmbeddingsReply reply)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (BedrockJson.NextProperty(ref reader))
            {
                if (!reader.ValueTextEquals("float"u8))
                {
                    BedrockJson.PassOver(ref reader);
                    continue;
                }
                reader.Read();
                if (!TryReadList(ref reader, reply)) return false;
            }
            return true;
        }
        return TryReadList(ref reader, reply);
    }

    private static bool TryReadList(scoped ref Utf8JsonReader reader, EmbeddingsReply reply)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            if (!TryReadVector(ref reader, reply)) return false;
        return true;
    }

    private static bool TryReadVector(scoped ref Utf8JsonReader reader, EmbeddingsReply reply)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        var vector = new List<float>(1024);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out var value) || !float.IsFinite(value)) return false;
            vector.Add(value);
        }
        reply.Vectors.Add([.. vector]);
        return true;
    }
}
