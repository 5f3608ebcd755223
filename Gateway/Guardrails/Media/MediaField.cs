using System.Text.Json;

namespace AspireGateway.Gateway.Guardrails.Media;

/// <summary>What a field means where media stand.</summary>
internal enum MediaField
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>What an object is.</summary>
    Type,

    /// <summary>A media type.</summary>
    Declared,

    /// <summary>The end of an audio type: <c>wav</c>.</summary>
    Format,

    /// <summary>Base64, or a text, as its object says.</summary>
    Data,

    /// <summary>Bedrock's base64, or anything, as its object says.</summary>
    Bytes,

    /// <summary>Always base64 or a data URL.</summary>
    File,

    /// <summary>An address of anything, as its object says.</summary>
    Url,

    /// <summary>Always the address of media.</summary>
    Address,

    /// <summary>The address of media, or the object that holds it.</summary>
    ImageAddress,

    /// <summary>A provider's id of a file.</summary>
    FileId,

    /// <summary>An object that holds a sound.</summary>
    Audio,

    /// <summary>An object that holds base64 and its media type, as Gemini has it.</summary>
    InlineData,

    /// <summary>Where an Anthropic or Bedrock block has its bytes.</summary>
    Source,

    /// <summary>A file of OpenAI's chat.</summary>
    FileObject,
}

/// <summary>Tells fields by their names, of all dialects; escapes in names are resolved.</summary>
internal static class MediaFields
{
    /// <summary>What the field means whose name a reader stands at.</summary>
    public static MediaField Of(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("type"u8)) return MediaField.Type;
        if (reader.ValueTextEquals("data"u8)) return MediaField.Data;
        if (reader.ValueTextEquals("url"u8) || reader.ValueTextEquals("uri"u8)) return MediaField.Url;
        if (reader.ValueTextEquals("source"u8)) return MediaField.Source;
        if (reader.ValueTextEquals("file"u8)) return MediaField.FileObject;
        if (reader.ValueTextEquals("file_id"u8)) return MediaField.FileId;
        if (reader.ValueTextEquals("image_url"u8) || reader.ValueTextEquals("video_url"u8) || reader.ValueTextEquals("audio_url"u8)) return MediaField.ImageAddress;
        if (reader.ValueTextEquals("file_url"u8) || reader.ValueTextEquals("file_uri"u8) || reader.ValueTextEquals("fileUri"u8)) return MediaField.Address;
        if (reader.ValueTextEquals("media_type"u8) || reader.ValueTextEquals("mime_type"u8) || reader.ValueTextEquals("mimeType"u8)) return MediaField.Declared;
        if (reader.ValueTextEquals("input_audio"u8)) return MediaField.Audio;
        if (reader.ValueTextEquals("inline_data"u8) || reader.ValueTextEquals("inlineData"u8)) return MediaField.InlineData;
        if (reader.ValueTextEquals("format"u8)) return MediaField.Format;
        if (reader.ValueTextEquals("bytes"u8)) return MediaField.Bytes;
        return reader.ValueTextEquals("file_data"u8) || reader.ValueTextEquals("bytesBase64Encoded"u8) || reader.ValueTextEquals("b64_json"u8) || reader.ValueTextEquals("blob"u8) ? MediaField.File : MediaField.Other;
    }
}
