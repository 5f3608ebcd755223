using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Writes images, documents and sound (API reference, "ImageBlock", "DocumentBlock", "AudioBlock"), which Converse takes as bytes only.</summary>
internal static class BedrockMediaWriter
{
    /// <summary>Writes a medium as a block of content.</summary>
    public static Refusal? Write(ContentPart part, BedrockDocumentNames documents, Utf8JsonWriter writer)
    {
        switch (part)
        {
            case ImagePart image:
                if (image.Source.Form != MediaForm.Base64) return NotBytes("an image");
                if (ImageFormat(image.Source) is not { } format)
                    return Refusal.InvalidRequest("Amazon Bedrock takes PNG, JPEG, GIF and WebP images. Convert the image, or name its media type.", "messages");
                WriteBlock(writer, "image"u8, format, null, default, image.Source.Value, default, cites: false);
                return null;
            case DocumentPart document:
                return WriteDocument(document, documents, writer);
            case AudioPart audio:
                if (audio.Source.Form != MediaForm.Base64) return NotBytes("sound");
                if (AudioFormat(audio.Source.MediaType) is not { } sound)
                    return Refusal.InvalidRequest("Amazon Bedrock does not know the form of the sound in this message. WAV, MP3, FLAC, AAC and OGG are known.", "messages");
                WriteBlock(writer, "audio"u8, sound, null, default, audio.Source.Value, default, cites: false);
                return null;
            default:
                return Refusal.InvalidRequest("A part of this conversation cannot be told to Amazon Bedrock. Choose another model.", "messages");
        }
    }

    private static Refusal? WriteDocument(DocumentPart document, BedrockDocumentNames documents, Utf8JsonWriter writer)
    {
        var source = document.Source;
        if (source.Form == MediaForm.Text)
        {
            var text = source.Value.Decoded();
            WriteBlock(writer, "document"u8, "txt", documents.Of(document.Name), text.Span, default, document.Context, document.Cite);
            return null;
        }
        if (source.Form != MediaForm.Base64) return NotBytes("a document");
        if (DocumentFormat(source.MediaType, document.Name) is not { } format)
            return Refusal.InvalidRequest("Amazon Bedrock takes PDF, CSV, Word, Excel, HTML, Markdown and plain text as documents. Convert the document, or name its media type.", "messages");
        WriteBlock(writer, "document"u8, format, documents.Of(document.Name), default, source.Value, document.Context, document.Cite);
        return null;
    }

    private static void WriteBlock(
        Utf8JsonWriter writer, ReadOnlySpan<byte> kind, string format, string? name, ReadOnlySpan<byte> bytes, JsonText base64, JsonText context, bool cites)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("format"u8, format);
        if (name is not null) writer.WriteString("name"u8, name);
        writer.WriteStartObject("source"u8);
        if (base64.IsEmpty) writer.WriteBase64String("bytes"u8, bytes);
        else writer.WriteText("bytes"u8, base64);
        writer.WriteEndObject();
        writer.WriteTextIfAny("context"u8, context);
        if (cites)
        {
            writer.WriteStartObject("citations"u8);
            writer.WriteBoolean("enabled"u8, true);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static Refusal NotBytes(string what) => Refusal.InvalidRequest(
        $"Amazon Bedrock takes {what} only as data in the message, not by an address or a file's id. Send it as base64 (a data: URL), or choose another model.", "messages");

    private static string? ImageFormat(in MediaSource source) => source.MediaType switch
    {
        "image/png" => "png",
        "image/jpeg" or "image/jpg" => "jpeg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        null => BeginningOf(source.Value),
        _ => null,
    };

    // How the files begin, in base64.
    private static string? BeginningOf(JsonText base64)
    {
        var start = base64.Decoded().Span;
        if (start.StartsWith("iVBORw0KGgo"u8)) return "png";
        if (start.StartsWith("/9j/"u8)) return "jpeg";
        if (start.StartsWith("R0lGOD"u8)) return "gif";
        return start.StartsWith("UklGR"u8) ? "webp" : null;
    }

    private static string? DocumentFormat(string? mediaType, JsonText name) => mediaType switch
    {
        "application/pdf" => "pdf",
        "text/csv" => "csv",
        "application/msword" => "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "text/html" => "html",
        "text/markdown" => "md",
        "text/plain" => "txt",
        null or "application/octet-stream" => Path.GetExtension(name.ToString()).ToLowerInvariant() switch
        {
            ".pdf" => "pdf",
            ".csv" => "csv",
            ".doc" => "doc",
            ".docx" => "docx",
            ".xls" => "xls",
            ".xlsx" => "xlsx",
            ".html" or ".htm" => "html",
            ".md" => "md",
            ".txt" => "txt",
            _ => null,
        },
        _ => null,
    };

    private static string? AudioFormat(string? mediaType) => mediaType switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mp3" or "audio/mpeg" => "mp3",
        "audio/flac" => "flac",
        "audio/aac" => "aac",
        "audio/ogg" => "ogg",
        "audio/opus" => "opus",
        "audio/webm" => "webm",
        "audio/m4a" or "audio/x-m4a" => "m4a",
        "audio/mp4" => "mp4",
        "audio/pcm" or "audio/pcm16" => "pcm",
        _ => null,
    };
}
