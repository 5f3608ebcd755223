using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Embeddings;

/// <summary>
/// Gives the vectors of an OpenAI embeddings reply the form that the caller asked for. OpenAI's SDKs ask for base64 unless told otherwise and read an
/// array of numbers as garbage, while many servers only have numbers. Everything else in the body stays byte for byte.
/// </summary>
internal static class VectorForm
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The body with converted vectors; null = it has the right form already, or one that is not known.</summary>
    public static PooledBufferWriter? Convert(ReadOnlySpan<byte> body, bool toBase64)
    {
        if (HasForm(body, toBase64)) return null;
        var output = new PooledBufferWriter(body.Length);
        if (TryConvert(body, toBase64, output)) return output;
        output.Dispose();
        return null;
    }

    // The first vector tells for all: no server mixes them.
    private static bool HasForm(ReadOnlySpan<byte> body, bool base64)
    {
        var rest = body;
        while (true)
        {
            var at = rest.IndexOf("\"embedding\""u8);
            if (at < 0) return true;
            rest = rest[(at + "\"embedding\""u8.Length)..].TrimStart(" \t\r\n"u8);
            // Where no colon follows, it is the value of "object".
            if (rest is not [(byte)':', ..]) continue;
            return rest[1..].TrimStart(" \t\r\n"u8) is [var first, ..] && first == (base64 ? (byte)'"' : (byte)'[');
        }
    }

    private static bool TryConvert(ReadOnlySpan<byte> body, bool toBase64, PooledBufferWriter output)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        var vector = new List<float>(3072);
        using var writer = new Utf8JsonWriter(output, Plain);
        var copied = 0;
        try
        {
            // The vectors stand in data[*].embedding: inside the root, the array and its element.
            var inData = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                if (reader.CurrentDepth == 1) inData = reader.ValueTextEquals("data"u8);
                if (!inData || reader.CurrentDepth != 3 || !reader.ValueTextEquals("embedding"u8)) continue;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                if (!TryReadVector(ref reader, toBase64, vector)) return false;
                output.Write(body[copied..start]);
                copied = (int)reader.BytesConsumed;
                writer.Reset(output);
                if (toBase64) VectorBytes.WriteBase64(CollectionsMarshal.AsSpan(vector), writer);
                else VectorBytes.WriteNumbers(CollectionsMarshal.AsSpan(vector), writer);
                writer.Flush();
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
        output.Write(body[copied..]);
        return true;
    }

    private static bool TryReadVector(ref Utf8JsonReader reader, bool fromNumbers, List<float> vector)
    {
        if (!fromNumbers) return reader.TokenType == JsonTokenType.String && TryReadText(ref reader, vector);
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        vector.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out var value)) return false;
            vector.Add(value);
        }
        return true;
    }

    private static bool TryReadText(ref Utf8JsonReader reader, List<float> vector) =>
        // Some writers escape the slashes of base64.
        reader.ValueIsEscaped
            ? VectorBytes.TryReadBase64(System.Text.Encoding.ASCII.GetBytes(reader.GetString()!), vector)
            : VectorBytes.TryReadBase64(reader.ValueSpan, vector);
}
