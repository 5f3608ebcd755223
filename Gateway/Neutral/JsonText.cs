using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AspireGateway.Gateway.Neutral;

/// <summary>
/// A JSON string as it stood in a body: UTF-8, quotes included, still escaped. Text travels between dialects in this form, because both ends are JSON:
/// it is neither decoded nor encoded again, however long. A default value is the empty string.
/// </summary>
internal readonly struct JsonText
{
    private readonly ReadOnlyMemory<byte> quoted;

    private JsonText(ReadOnlyMemory<byte> quoted) => this.quoted = quoted;

    /// <summary>Whether it holds no character.</summary>
    public bool IsEmpty => quoted.Length <= 2;

    /// <summary>What stands between the quotes, escaped.</summary>
    public ReadOnlySpan<byte> Escaped => IsEmpty ? default : quoted.Span[1..^1];

    /// <summary>The JSON string, quotes included.</summary>
    public ReadOnlySpan<byte> Quoted => quoted.IsEmpty ? "\"\""u8 : quoted.Span;

    /// <summary>Whether decoded and escaped form differ.</summary>
    public bool HasEscapes => Escaped.Contains((byte)'\\');

    /// <summary>A slice of a body that a reader found to be a JSON string, quotes included. The slice must outlive this value.</summary>
    public static JsonText FromQuoted(ReadOnlyMemory<byte> quoted) => new(quoted);

    /// <summary>A copy of what stands between the quotes of a JSON string, escaped.</summary>
    public static JsonText CopyOfEscaped(ReadOnlySpan<byte> escaped)
    {
        if (escaped.IsEmpty) return default;
        var copy = new byte[escaped.Length + 2];
        copy[0] = copy[^1] = (byte)'"';
        escaped.CopyTo(copy.AsSpan(1));
        return new(copy);
    }

    /// <summary>A text that is not JSON yet.</summary>
    public static JsonText Of(string text) => CopyOfEscaped(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);

    /// <summary>A text in UTF-8 that is not JSON yet.</summary>
    public static JsonText Of(ReadOnlySpan<byte> utf8) =>
        CopyOfEscaped(JsonEncodedText.Encode(utf8, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);

    /// <summary>The text in UTF-8, decoded; a slice where nothing was escaped. Half a surrogate pair, which no UTF-8 can say, leaves the text as it is.</summary>
    public ReadOnlyMemory<byte> Decoded() => TryDecode(out var utf8) ? utf8 : quoted[1..^1];

    /// <summary>The text in UTF-8, decoded; false when its escapes make no valid Unicode, which JSON's grammar lets through.</summary>
    public bool TryDecode(out ReadOnlyMemory<byte> utf8)
    {
        utf8 = default;
        if (IsEmpty) return true;
        if (!HasEscapes)
        {
            utf8 = quoted[1..^1];
            return true;
        }
        var reader = new Utf8JsonReader(quoted.Span);
        reader.Read();
        var decoded = new byte[quoted.Length];
        try
        {
            utf8 = decoded.AsMemory(0, reader.CopyString(decoded));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether the text is this one.</summary>
    public bool Is(ReadOnlySpan<byte> utf8) => HasEscapes ? Decoded().Span.SequenceEqual(utf8) : Escaped.SequenceEqual(utf8);

    /// <summary>Writes it as a value.</summary>
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Quoted, skipInputValidation: true);

    /// <summary>The text, decoded.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Decoded().Span);
}

/// <summary>A JSON value of any kind, kept as it stood in a body. A default value is absent.</summary>
/// <param name="Bytes">The value in UTF-8.</param>
internal readonly record struct JsonRaw(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Whether there is a value.</summary>
    public bool IsPresent => !Bytes.IsEmpty;

    /// <summary>Writes it as a value.</summary>
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Bytes.Span, skipInputValidation: true);

    /// <summary>A copy of a value.</summary>
    public static JsonRaw CopyOf(ReadOnlySpan<byte> json) => new(json.ToArray());
}

/// <summary>Writing the kept values.</summary>
internal static class JsonTextWriting
{
    /// <summary>Writes a property with a text.</summary>
    public static void WriteText(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonText text)
    {
        writer.WritePropertyName(name);
        text.WriteTo(writer);
    }

    /// <summary>Writes a property with a text if there is one.</summary>
    public static void WriteTextIfAny(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonText text)
    {
        if (!text.IsEmpty) writer.WriteText(name, text);
    }

    /// <summary>Writes a property with a value.</summary>
    public static void WriteRaw(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonRaw value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    /// <summary>Writes a text between quotes that is escaped already.</summary>
    public static void WriteEscaped(this IBufferWriter<byte> output, ReadOnlySpan<byte> escaped)
    {
        var span = output.GetSpan(escaped.Length + 2);
        span[0] = (byte)'"';
        escaped.CopyTo(span[1..]);
        span[escaped.Length + 1] = (byte)'"';
        output.Advance(escaped.Length + 2);
    }
}
