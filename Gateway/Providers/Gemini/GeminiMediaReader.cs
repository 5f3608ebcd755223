using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Parts of an answer that are neither words nor calls: pictures and sound of models that make them, code that Google ran. Answers in neutral words are
/// text, so they are written into it as Markdown: nothing of the answer is lost, and what shows Markdown shows the picture.
/// </summary>
internal static class GeminiMediaReader
{
    /// <summary>Whether the property that the reader stands at is such a part.</summary>
    public static bool IsMedium(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("inlineData"u8) || reader.ValueTextEquals("fileData"u8)
        || reader.ValueTextEquals("executableCode"u8) || reader.ValueTextEquals("codeExecutionResult"u8);

    /// <summary>Writes the part.</summary>
    /// <param name="property">The property, its name included.</param>
    /// <param name="kind">Words or thoughts.</param>
    /// <param name="choice">The answer.</param>
    /// <param name="sink">Takes the pieces.</param>
    public static void Read(ReadOnlySpan<byte> property, PartKind kind, GeminiChoice choice, IReplySink sink)
    {
        var value = property[(property.IndexOf((byte)':') + 1)..];
        ReadOnlySpan<byte> type = default, data = default, uri = default, code = default, language = default, output = default;
        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mimeType"u8)) type = Text(ref reader);
            else if (reader.ValueTextEquals("data"u8)) data = Text(ref reader);
            else if (reader.ValueTextEquals("fileUri"u8)) uri = Text(ref reader);
            else if (reader.ValueTextEquals("code"u8)) code = Text(ref reader);
            else if (reader.ValueTextEquals("language"u8)) language = Text(ref reader);
            else if (reader.ValueTextEquals("output"u8)) output = Text(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (!data.IsEmpty || !uri.IsEmpty)
        {
            choice.Append(kind, type.StartsWith("image/"u8) ? "![image]("u8 : "[file]("u8, sink);
            if (uri.IsEmpty)
            {
                choice.Append(kind, "data:"u8, sink);
                choice.Append(kind, type, sink);
                choice.Append(kind, ";base64,"u8, sink);
            }
            choice.Append(kind, uri.IsEmpty ? data : uri, sink);
            choice.Append(kind, ")"u8, sink);
        }
        else if (!code.IsEmpty || !output.IsEmpty)
        {
            choice.Append(kind, language.SequenceEqual("PYTHON"u8) ? "\\n```python\\n"u8 : "\\n```\\n"u8, sink);
            choice.Append(kind, code.IsEmpty ? output : code, sink);
            choice.Append(kind, "\\n```\\n"u8, sink);
        }
    }

    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.ValueSpan;
        reader.Skip();
        return default;
    }
}
