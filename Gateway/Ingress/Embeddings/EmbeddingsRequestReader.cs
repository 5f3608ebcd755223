using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Embeddings;

/// <summary>Reads OpenAI's embeddings request (API reference, "Create embeddings") into the neutral one, for providers of another dialect.</summary>
internal static class EmbeddingsRequestReader
{
    private const int MaxInputs = 2048, MaxDimensions = 1_000_000;

    /// <summary>Fills the request from a body that is known to be a JSON object; null = it could be.</summary>
    public static Refusal? Read(ReadOnlyMemory<byte> body, EmbeddingsRequest request)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                if (ReadField(ref reader, body, request) is { } refusal) return refusal;
            return request.Inputs.Count == 0 && !request.HasTokenInputs ? WrongInput() : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return Refusal.InvalidRequest("The body is not valid JSON.");
        }
    }

    private static Refusal? ReadField(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, EmbeddingsRequest request)
    {
        if (reader.ValueTextEquals("input"u8))
        {
            reader.Read();
            return ReadInput(ref reader, body, request);
        }
        if (reader.ValueTextEquals("dimensions"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null) return null;
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var dimensions) || dimensions is < 1 or > MaxDimensions)
                return Refusal.InvalidRequest("Field 'dimensions' must be a whole number of at least 1.", "dimensions");
            request.Dimensions = dimensions;
            return null;
        }
        if (reader.ValueTextEquals("encoding_format"u8))
        {
            reader.Read();
            request.WantsBase64 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8);
        }
        else if (reader.ValueTextEquals("model"u8) || reader.ValueTextEquals("user"u8))
        {
            reader.Read();
        }
        else
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null) request.Unmapped.Add(name);
        }
        reader.Skip();
        return null;
    }

    private static Refusal? ReadInput(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, EmbeddingsRequest request)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            request.Inputs.Add(TextAt(ref reader, body));
            return null;
        }
        if (reader.TokenType != JsonTokenType.StartArray) return WrongInput();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                if (request.Inputs.Count == MaxInputs) return Refusal.InvalidRequest($"Field 'input' has more than {MaxInputs} texts. Send fewer at once.", "input");
                request.Inputs.Add(TextAt(ref reader, body));
            }
            else if (reader.TokenType is JsonTokenType.Number or JsonTokenType.StartArray)
            {
                request.HasTokenInputs = true;
                reader.Skip();
            }
            else
            {
                return WrongInput();
            }
        }
        return request.HasTokenInputs && request.Inputs.Count > 0 ? WrongInput() : null;
    }

    private static JsonText TextAt(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body) =>
        JsonText.FromQuoted(body[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]);

    private static Refusal WrongInput() => Refusal.InvalidRequest("Field 'input' must be a string, or an array of strings with at least one element.", "input");
}
