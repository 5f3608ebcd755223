using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Content;

/// <summary>Puts placeholders back in the place of what they stand for: callers see replies with the values restored, the store keeps them masked.</summary>
internal static class HiddenText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A text without the values.</summary>
    public static string OfText(string text, Placeholders placeholders)
    {
        // The longest first, as one value may stand within another.
        foreach (var (value, placeholder) in placeholders.All.OrderByDescending(pair => pair.Value.Length))
        {
            if (value.Length == 0) continue;
            text = text.Replace(value, placeholder, StringComparison.Ordinal);
            // A call's arguments are JSON within a text.
            var quoted = JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
            if (quoted != value) text = text.Replace(quoted, placeholder, StringComparison.Ordinal);
            var escaped = JsonEncodedText.Encode(value).ToString();
            if (escaped != value) text = text.Replace(escaped, placeholder, StringComparison.OrdinalIgnoreCase);
        }
        return text;
    }

    /// <summary>A JSON document without the values, however it writes them; null = it is none.</summary>
    public static string? TryOfJson(ReadOnlySpan<byte> json, Placeholders placeholders)
    {
        using var output = new PooledBufferWriter(json.Length + 256);
        try
        {
            using var writer = new Utf8JsonWriter(output, Plain);
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
            while (reader.Read()) Copy(ref reader, writer, placeholders);
            writer.Flush();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
        return Encoding.UTF8.GetString(output.Written.Span);
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, Placeholders placeholders)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: writer.WriteStartObject(); break;
            case JsonTokenType.EndObject: writer.WriteEndObject(); break;
            case JsonTokenType.StartArray: writer.WriteStartArray(); break;
            case JsonTokenType.EndArray: writer.WriteEndArray(); break;
            case JsonTokenType.PropertyName: writer.WritePropertyName(OfText(reader.GetString()!, placeholders)); break;
            case JsonTokenType.String: writer.WriteStringValue(OfText(reader.GetString()!, placeholders)); break;
            default: writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true); break;
        }
    }
}
