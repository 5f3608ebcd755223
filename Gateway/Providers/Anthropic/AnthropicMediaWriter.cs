using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Writes images and documents (Anthropic, "Vision", "PDF support", "Citations").</summary>
internal static class AnthropicMediaWriter
{
    /// <summary>Writes an image; null = it was written.</summary>
    public static Refusal? WriteImage(ImagePart image, int message, Utf8JsonWriter writer)
    {
        var source = image.Source;
        var type = source.MediaType switch
        {
            "image/jpeg" or "image/png" or "image/gif" or "image/webp" => source.MediaType,
            "image/jpg" => "image/jpeg",
            null => TypeOf(source.Value.Escaped),
            _ => null,
        };
        if (source.Form is MediaForm.FileId or MediaForm.Text)
            return Refusal.UnsupportedParameter("The provider of this model cannot resolve this file id. Send the image itself, or its address.", AnthropicBlockWriter.PathOf(message));
        if (source.Form == MediaForm.Base64 && type is null)
            return Refusal.UnsupportedParameter($"The provider of this model takes JPEG, PNG, GIF and WebP images, not '{source.MediaType ?? "an unknown type"}'.", AnthropicBlockWriter.PathOf(message));

        writer.WriteStartObject();
        writer.WriteString("type"u8, "image"u8);
        WriteSource(source, type, writer);
        AnthropicConversationWriter.WriteCache(image.Cache, writer);
        writer.WriteEndObject();
        return null;
    }

    /// <summary>Writes a document; null = it was written.</summary>
    public static Refusal? WriteDocument(DocumentPart document, int message, Utf8JsonWriter writer)
    {
        var source = document.Source;
        switch (source.Form)
        {
            case MediaForm.FileId:
                return Refusal.UnsupportedParameter("The provider of this model cannot resolve this file id. Send the document itself, or its address.", AnthropicBlockWriter.PathOf(message));
            case MediaForm.Base64 when source.MediaType is "application/pdf" || (source.MediaType is null or "application/octet-stream" && source.Value.Escaped.StartsWith("JVBERi"u8)):
                source = source with { MediaType = "application/pdf" };
                break;
            case MediaForm.Base64 when source.MediaType?.StartsWith("text/", StringComparison.Ordinal) == true || source.MediaType == "application/json":
                if (TextIn(source.Value) is not { } text) return Refusal.InvalidRequest("A text document is not base64 of UTF-8.", AnthropicBlockWriter.PathOf(message));
                source = new(MediaForm.Text, text, "text/plain");
                break;
            case MediaForm.Base64:
                return Refusal.UnsupportedParameter($"The provider of this model takes PDF and plain text as documents, not '{source.MediaType ?? "an unknown type"}'.", AnthropicBlockWriter.PathOf(message));
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "document"u8);
        WriteSource(source, source.Form == MediaForm.Text ? "text/plain" : source.MediaType, writer);
        writer.WriteTextIfAny("title"u8, document.Name);
        writer.WriteTextIfAny("context"u8, document.Context);
        if (document.Cite) writer.WriteRaw("citations"u8, CitationsOn);
        AnthropicConversationWriter.WriteCache(document.Cache, writer);
        writer.WriteEndObject();
        return null;
    }

    private static readonly JsonRaw CitationsOn = new("""{"enabled":true}"""u8.ToArray());

    private static void WriteSource(MediaSource source, string? type, Utf8JsonWriter writer)
    {
        writer.WriteStartObject("source"u8);
        if (source.Form == MediaForm.Url)
        {
            writer.WriteString("type"u8, "url"u8);
            writer.WriteText("url"u8, source.Value);
        }
        else
        {
            writer.WriteString("type"u8, source.Form == MediaForm.Text ? "text"u8 : "base64"u8);
            writer.WriteString("media_type"u8, type);
            writer.WriteText("data"u8, source.Value);
        }
        writer.WriteEndObject();
    }

    /// <summary>The type of an image by the first bytes of its base64.</summary>
    private static string? TypeOf(ReadOnlySpan<byte> base64) =>
        base64.StartsWith("iVBOR"u8) ? "image/png"
        : base64.StartsWith("/9j/"u8) || base64.StartsWith("\\/9j\\/"u8) ? "image/jpeg"
        : base64.StartsWith("R0lG"u8) ? "image/gif"
        : base64.StartsWith("UklG"u8) ? "image/webp"
        : null;

    private static JsonText? TextIn(JsonText base64)
    {
        var encoded = base64.Decoded().ToArray();
        if (Base64.DecodeFromUtf8InPlace(encoded, out var length) != System.Buffers.OperationStatus.Done) return null;
        var text = encoded.AsSpan(0, length);
        if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[3..];
        return Utf8.IsValid(text) ? JsonText.Of(text) : null;
    }
}
