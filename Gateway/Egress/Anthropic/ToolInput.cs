using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Anthropic;

/// <summary>
/// The arguments of a tool call as the JSON object that Anthropic's callers expect. Other dialects give them as a text that the model wrote, which can be
/// cut off or no JSON at all: such a text is put into an object of one field, where the caller's tool finds it missing what it needs and nothing is lost.
/// </summary>
internal static class ToolInput
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>Writes the object as a value.</summary>
    public static void Write(JsonText arguments, Utf8JsonWriter writer)
    {
        if (Decoded(arguments) is not { } text)
        {
            writer.WriteStartObject();
            writer.WriteText("_invalid_json"u8, arguments);
            writer.WriteEndObject();
        }
        else if (text.IsEmpty)
        {
            writer.WriteRawValue("{}"u8, skipInputValidation: true);
        }
        else
        {
            writer.WriteRawValue(text.Span, skipInputValidation: true);
        }
    }

    /// <summary>The object's text; empty for none; null when it is no object.</summary>
    private static ReadOnlyMemory<byte>? Decoded(JsonText arguments)
    {
        try
        {
            var text = arguments.Decoded();
            if (text.Span.Trim(" \t\r\n"u8).IsEmpty) return ReadOnlyMemory<byte>.Empty;
            var reader = new Utf8JsonReader(text.Span, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            reader.Skip();
            // Anything behind the object is an error that this read finds.
            reader.Read();
            return text;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
