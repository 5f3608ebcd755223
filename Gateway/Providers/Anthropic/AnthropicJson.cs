using System.Buffers;
using System.Text.Json;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Small things that every reader of this protocol needs.</summary>
internal static class AnthropicJson
{
    private static readonly SearchValues<byte> EmptyObject = SearchValues.Create("{} \t\r\n"u8);

    // Whitespace between tokens, quotes and backslashes: all that JSON text can hold that may not stand between the quotes of a JSON string.
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create("\"\\\n\r\t"u8);

    /// <summary>Deep enough for every tool's arguments, shallow enough for the stack of whoever reads on.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = 256 };

    /// <summary>Whether a fault says that the input is not what it should be: bad JSON, or text with half a surrogate pair or broken UTF-8.</summary>
    public static bool IsBadInput(Exception fault) => fault is JsonException or InvalidOperationException or ArgumentException;

    /// <summary>What stands between the quotes of the string that the reader is at, escaped; empty for any other token.</summary>
    public static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;

    /// <summary>
    /// Looks at a property and moves to its value. The caller passes the value on with <see cref="Utf8JsonReader.Skip"/> or reads it.
    /// </summary>
    public static bool NextProperty(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether a JSON object has any field.</summary>
    public static bool HasFields(ReadOnlySpan<byte> json) => json.ContainsAnyExcept(EmptyObject);

    /// <summary>The text of a JSON value as it must stand between the quotes of a JSON string.</summary>
    public static byte[] EscapeJson(ReadOnlySpan<byte> json)
    {
        var extra = 0;
        foreach (var b in json)
            if (b is (byte)'"' or (byte)'\\' or (byte)'\n' or (byte)'\r' or (byte)'\t') extra++;
        var escaped = new byte[json.Length + extra];
        var at = 0;
        while (!json.IsEmpty)
        {
            var plain = json.IndexOfAny(MustEscape);
            if (plain < 0) plain = json.Length;
            json[..plain].CopyTo(escaped.AsSpan(at));
            at += plain;
            if (plain == json.Length) break;
            escaped[at++] = (byte)'\\';
            escaped[at++] = json[plain] switch { (byte)'\n' => (byte)'n', (byte)'\r' => (byte)'r', (byte)'\t' => (byte)'t', var other => other };
            json = json[(plain + 1)..];
        }
        return escaped;
    }
}
