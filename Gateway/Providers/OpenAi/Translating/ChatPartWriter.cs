using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>Writes the parts of a message.</summary>
internal sealed class ChatPartWriter(OpenAiVendor vendor, Utf8JsonWriter writer, DroppedFields dropped)
{
    /// <summary>Why a part of the conversation cannot go to this vendor.</summary>
    public static Refusal Cannot(string path, string because) =>
        Refusal.InvalidRequest($"'{path}' cannot be sent to the provider of this model: {because}. Leave it out, or choose another model.", path);

    /// <summary>Writes content: a plain text where that is all, else parts.</summary>
    public Refusal? WriteContent(List<ContentPart> content, int message)
    {
        if (content is [TextPart { Cache: null } only])
        {
            only.Text.WriteTo(writer);
            return null;
        }
        writer.WriteStartArray();
        for (var i = 0; i < content.Count; i++)
            if (WritePart(content[i], $"messages[{message}].content[{i}]") is { } refusal) return refusal;
        writer.WriteEndArray();
        return null;
    }

    /// <summary>Writes one part.</summary>
    public Refusal? WritePart(ContentPart part, string path)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(text.Text, text.Cache);
                return null;
            case ImagePart image:
                return WriteImage(image, path);
            case AudioPart audio:
                return WriteAudio(audio, path);
            case DocumentPart document:
                return WriteDocument(document, path);
            case RefusalPart refused:
                WriteText(refused.Text, refused.Cache);
                return null;
            default:
                return Cannot(path, "its kind has no place there");
        }
    }

    /// <summary>Writes a marker for a prompt cache.</summary>
    public static void WriteCacheMarker(Utf8JsonWriter writer, CacheMarker cache)
    {
        writer.WriteStartObject("cache_control"u8);
        writer.WriteString("type"u8, "ephemeral"u8);
        if (cache.Ttl is { } ttl) writer.WriteString("ttl"u8, ttl);
        writer.WriteEndObject();
    }

    /// <summary>Texts one behind the other.</summary>
    public static JsonText Joined(List<ContentPart> parts, Func<ContentPart, JsonText> textOf)
    {
        var joined = new ArrayBufferWriter<byte>();
        foreach (var part in parts) joined.Write(textOf(part).Escaped);
        return JsonText.CopyOfEscaped(joined.WrittenSpan);
    }

    private void WriteText(JsonText text, CacheMarker? cache)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteText("text"u8, text);
        End(cache);
    }

    private Refusal? WriteImage(ImagePart image, string path)
    {
        if (image.Source.Form is not (MediaForm.Url or MediaForm.Base64)) return Cannot(path, "it names a file that only another provider can look up");
        if (image.Source.Form == MediaForm.Url && !vendor.ImageUrls) return Cannot(path, "pictures must be sent as base64, not by address");
        writer.WriteStartObject();
        writer.WriteString("type"u8, "image_url"u8);
        writer.WriteStartObject("image_url"u8);
        if (image.Source.Form == MediaForm.Url) writer.WriteText("url"u8, image.Source.Value);
        else WriteDataUrl("url"u8, image.Source.MediaType ?? "image/png", image.Source.Value);
        if (image.Detail is { } detail) writer.WriteString("detail"u8, detail);
        writer.WriteEndObject();
        End(image.Cache);
        return null;
    }

    private Refusal? WriteAudio(AudioPart audio, string path)
    {
        if (!vendor.Audio || audio.Source.Form != MediaForm.Base64)
            return Cannot(path, vendor.Audio ? "sound must be sent as base64" : "it takes no sound");
        writer.WriteStartObject();
        writer.WriteString("type"u8, "input_audio"u8);
        writer.WriteStartObject("input_audio"u8);
        writer.WriteText("data"u8, audio.Source.Value);
        writer.WriteString("format"u8, FormatOf(audio.Source.MediaType));
        writer.WriteEndObject();
        End(audio.Cache);
        return null;
    }

    private Refusal? WriteDocument(DocumentPart document, string path)
    {
        dropped.AddIf(document.Cite, "citations");
        if (document.Source.Form == MediaForm.Text)
        {
            WriteTextDocument(document);
            return null;
        }
        if (document.Source.Form != MediaForm.Base64) return Cannot(path, "documents must be sent as base64 or as text");
        if (!vendor.Files) return Cannot(path, "it takes documents only as text");
        if (!document.Context.IsEmpty) WriteText(document.Context, null);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "file"u8);
        writer.WriteStartObject("file"u8);
        if (document.Name.IsEmpty) writer.WriteString("filename"u8, "document.pdf"u8);
        else writer.WriteText("filename"u8, document.Name);
        WriteDataUrl("file_data"u8, document.Source.MediaType ?? "application/pdf", document.Source.Value);
        writer.WriteEndObject();
        End(document.Cache);
        return null;
    }

    /// <summary>A document of plain text is text, headed by its title and what was said about it.</summary>
    private void WriteTextDocument(DocumentPart document)
    {
        var text = new ArrayBufferWriter<byte>(document.Source.Value.Escaped.Length + 64);
        foreach (var heading in (ReadOnlySpan<JsonText>)[document.Name, document.Context])
        {
            if (heading.IsEmpty) continue;
            text.Write(heading.Escaped);
            text.Write("\\n\\n"u8);
        }
        text.Write(document.Source.Value.Escaped);
        WriteText(JsonText.CopyOfEscaped(text.WrittenSpan), document.Cache);
    }

    private void WriteDataUrl(ReadOnlySpan<byte> field, string mediaType, JsonText base64)
    {
        var head = $"\"data:{JsonEncodedText.Encode(mediaType)};base64,";
        var value = base64.Escaped;
        var length = Encoding.UTF8.GetMaxByteCount(head.Length) + value.Length + 1;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = Encoding.UTF8.GetBytes(head, rented);
            value.CopyTo(rented.AsSpan(at));
            rented[at + value.Length] = (byte)'"';
            writer.WritePropertyName(field);
            writer.WriteRawValue(rented.AsSpan(0, at + value.Length + 1), skipInputValidation: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static string FormatOf(string? mediaType) => mediaType switch
    {
        "audio/mpeg" or "audio/mp3" => "mp3",
        null or "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        _ => mediaType[(mediaType.IndexOf('/', StringComparison.Ordinal) + 1)..],
    };

    private void End(CacheMarker? cache)
    {
        if (cache is not null && vendor.CacheControl) WriteCacheMarker(writer, cache);
        else dropped.AddIf(cache is not null, "cache_control");
        writer.WriteEndObject();
    }
}
