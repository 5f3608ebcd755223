using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Writes pictures, documents and sound: base64 as <c>inlineData</c>, addresses as <c>fileData</c>. The Gemini API fetches https addresses and knows their
/// type itself ("File input methods"); Vertex AI also takes Cloud Storage and must be told the type.
/// </summary>
internal sealed class GeminiMediaWriter(bool isVertex, Utf8JsonWriter writer, DroppedFields dropped)
{
    /// <summary>Writes a part of a message or of a tool's result.</summary>
    public Refusal? WritePart(ContentPart part, string path)
    {
        switch (part)
        {
            case ImagePart { Source: var source, Detail: var detail }:
                dropped.AddIf(detail is not (null or "auto"), "detail");
                return Write(source, default, path);
            case DocumentPart { Source: var source } document:
                dropped.AddIf(document.Cite, "citations");
                if (!document.Context.IsEmpty) WriteText(document.Context);
                if (source.Form != MediaForm.Text) return Write(source, document.Name, path);
                dropped.AddIf(!document.Name.IsEmpty, "filename");
                WriteText(source.Value);
                return null;
            case AudioPart { Source: var source }:
                return Write(source, default, path);
            default:
                return Refusal.InvalidRequest("This part of the message has no place in the API of this model's provider.", path);
        }
    }

    private Refusal? Write(MediaSource source, JsonText name, string path)
    {
        if (source.Form == MediaForm.Base64)
        {
            if ((source.MediaType ?? SniffedType(source.Value.Escaped)) is not { } type)
                return Refusal.InvalidRequest("The media type of this base64 content is not said and cannot be seen. Send it as a data: URL with its type.", path);
            writer.WriteStartObject();
            writer.WriteStartObject("inlineData"u8);
            writer.WriteString("mimeType"u8, type);
            writer.WriteText("data"u8, source.Value);
            WriteName(name);
            writer.WriteEndObject();
            writer.WriteEndObject();
            return null;
        }

        var address = source.Value.ToString();
        if (!address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !(isVertex && address.StartsWith("gs://", StringComparison.Ordinal)))
        {
            return Refusal.InvalidRequest(
                source.Form == MediaForm.FileId
                    ? "This model's provider does not know file ids of another one. Send the content as base64 or by an https address."
                    : $"This model's provider takes media only as base64 or by an https {(isVertex ? "or gs " : "")}address.", path);
        }
        var mediaType = source.MediaType ?? TypeOfName(address);
        if (mediaType is null && isVertex) return Refusal.InvalidRequest("The media type behind this address is not said and its name does not tell. Send the content as base64.", path);
        writer.WriteStartObject();
        writer.WriteStartObject("fileData"u8);
        if (mediaType is not null) writer.WriteString("mimeType"u8, mediaType);
        writer.WriteText("fileUri"u8, source.Value);
        WriteName(name);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private void WriteText(JsonText text)
    {
        writer.WriteStartObject();
        writer.WriteText("text"u8, text);
        writer.WriteEndObject();
    }

    private void WriteName(JsonText name)
    {
        if (name.IsEmpty) return;
        if (isVertex) writer.WriteText("displayName"u8, name);
        else dropped.Add("filename");
    }

    // First bytes of the usual formats, in base64.
    private static string? SniffedType(ReadOnlySpan<byte> base64) =>
        base64.StartsWith("iVBORw0KGgo"u8) ? "image/png"
        : base64.StartsWith("/9j/"u8) || base64.StartsWith("\\/9j\\/"u8) ? "image/jpeg"
        : base64.StartsWith("R0lGOD"u8) ? "image/gif"
        : base64.StartsWith("JVBERi0"u8) ? "application/pdf"
        : null;

    private static string? TypeOfName(string address)
    {
        var end = address.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? address : address[..end];
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".webp" => "image/webp",
            ".gif" => "image/gif",
            ".heic" => "image/heic",
            ".pdf" => "application/pdf",
            ".txt" => "text/plain",
            ".wav" => "audio/wav",
            ".mp3" => "audio/mp3",
            ".mp4" => "video/mp4",
            _ => null,
        };
    }
}
