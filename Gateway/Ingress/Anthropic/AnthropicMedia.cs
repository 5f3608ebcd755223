using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>Reads where images and documents are ("Vision", "PDF support", "Files API").</summary>
internal static class AnthropicMedia
{
    /// <summary>An image's source; null when it is none.</summary>
    public static MediaSource? ImageSource(JsonElement given, JsonSource source) =>
        TypeOf(given) is { } type && !type.ValueEquals("text"u8) && !type.ValueEquals("content"u8) ? Plain(given, type, source) : null;

    /// <summary>A document's source; null when it is none.</summary>
    public static MediaSource? DocumentSource(JsonElement given, JsonSource source)
    {
        if (TypeOf(given) is not { } type) return null;
        if (!type.ValueEquals("content"u8)) return Plain(given, type, source);
        // A document in pieces; only text can be joined.
        return given.TryGetProperty("content"u8, out var content) && TextOf(content, source) is { } text ? new(MediaForm.Text, text, "text/plain") : null;
    }

    /// <summary>The words of a string or of text blocks, with a line's end between them; null when there is anything else.</summary>
    public static JsonText? TextOf(JsonElement content, JsonSource source)
    {
        if (content.ValueKind == JsonValueKind.String) return source.Text(content);
        if (content.ValueKind != JsonValueKind.Array) return null;
        var joined = new ArrayBufferWriter<byte>();
        foreach (var block in content.EnumerateArray())
        {
            if (TypeOf(block) is not { } type || !type.ValueEquals("text"u8) || !block.TryGetProperty("text"u8, out var text) || text.ValueKind != JsonValueKind.String) return null;
            if (joined.WrittenCount > 0) joined.Write("\\n"u8);
            joined.Write(source.Text(text).Escaped);
        }
        return JsonText.CopyOfEscaped(joined.WrittenSpan);
    }

    /// <summary>Whether <c>citations</c> are asked for.</summary>
    public static bool IsCited(JsonElement citations) =>
        citations.ValueKind == JsonValueKind.Object && citations.TryGetProperty("enabled"u8, out var enabled) && enabled.ValueKind == JsonValueKind.True;

    private static JsonElement? TypeOf(JsonElement given) =>
        given.ValueKind == JsonValueKind.Object && given.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String ? type : null;

    private static MediaSource? Plain(JsonElement given, JsonElement type, JsonSource source)
    {
        if (type.ValueEquals("base64"u8)) return Of(MediaForm.Base64, "data"u8);
        if (type.ValueEquals("url"u8)) return Of(MediaForm.Url, "url"u8);
        if (type.ValueEquals("text"u8)) return Of(MediaForm.Text, "data"u8);
        return type.ValueEquals("file"u8) ? Of(MediaForm.FileId, "file_id"u8) : null;

        MediaSource? Of(MediaForm form, ReadOnlySpan<byte> name) =>
            given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? new(form, source.Text(value), given.TryGetProperty("media_type"u8, out var media) && media.ValueKind == JsonValueKind.String ? media.GetString() : null)
                : null;
    }
}
