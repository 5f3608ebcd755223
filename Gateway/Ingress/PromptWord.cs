using System.Text.Json;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Names and kinds in a chat's body that say something of its size or price, as they are meant: escapes resolved.</summary>
internal enum PromptWord
{
    /// <summary>None that matters.</summary>
    Other,

    /// <summary>What something is.</summary>
    Type,

    /// <summary>Bytes in base64, or a text, as its object says.</summary>
    Data,

    /// <summary>Where something is, or itself.</summary>
    Url,

    /// <summary>Arguments of a call: words to the model, whatever they look like.</summary>
    Input,

    /// <summary>A picture, or where it is.</summary>
    ImageUrl,

    /// <summary>A recording.</summary>
    InputAudio,

    /// <summary>A document in base64.</summary>
    FileData,

    /// <summary>Something whose size cannot be told.</summary>
    Unsized,

    /// <summary>Where a prompt cache may end.</summary>
    CacheControl,

    /// <summary>For how long.</summary>
    Ttl,

    /// <summary>That data are base64.</summary>
    Base64,

    /// <summary>That a part is a picture.</summary>
    Image,
}

/// <summary>Recognises those words.</summary>
internal static class PromptWords
{
    // The longest word that is looked for has 21 letters, each of which an escape makes 6 bytes long.
    private const int MaxEscaped = 160;

    /// <summary>The property's name that the reader stands at.</summary>
    public static PromptWord NameAt(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return NameOf(reader.ValueSpan);
        if (reader.ValueSpan.Length > MaxEscaped) return PromptWord.Other;
        Span<byte> buffer = stackalloc byte[MaxEscaped];
        return NameOf(buffer[..reader.CopyString(buffer)]);
    }

    /// <summary>The kind of part, a string, that the reader stands at.</summary>
    public static PromptWord KindAt(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return KindOf(reader.ValueSpan);
        if (reader.ValueSpan.Length > MaxEscaped) return PromptWord.Other;
        Span<byte> buffer = stackalloc byte[MaxEscaped];
        return KindOf(buffer[..reader.CopyString(buffer)]);
    }

    private static PromptWord NameOf(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 3:
                return name.SequenceEqual("url"u8) ? PromptWord.Url : name.SequenceEqual("ttl"u8) ? PromptWord.Ttl : PromptWord.Other;
            case 4:
                return name.SequenceEqual("type"u8) ? PromptWord.Type : name.SequenceEqual("data"u8) ? PromptWord.Data : PromptWord.Other;
            case 5:
                return name.SequenceEqual("input"u8) ? PromptWord.Input : name.SequenceEqual("audio"u8) ? PromptWord.Unsized : PromptWord.Other;
            case 7:
                return name.SequenceEqual("file_id"u8) ? PromptWord.Unsized : PromptWord.Other;
            case 8:
                return name.SequenceEqual("file_url"u8) ? PromptWord.Unsized : PromptWord.Other;
            case 9:
                return name.SequenceEqual("image_url"u8) ? PromptWord.ImageUrl
                    : name.SequenceEqual("file_data"u8) ? PromptWord.FileData
                    : name.SequenceEqual("video_url"u8) || name.SequenceEqual("audio_url"u8) ? PromptWord.Unsized : PromptWord.Other;
            case 11:
                return name.SequenceEqual("input_audio"u8) ? PromptWord.InputAudio : PromptWord.Other;
            case 13:
                return name.SequenceEqual("cache_control"u8) ? PromptWord.CacheControl : PromptWord.Other;
            default:
                return PromptWord.Other;
        }
    }

    private static PromptWord KindOf(ReadOnlySpan<byte> kind)
    {
        switch (kind.Length)
        {
            case 5 when kind.SequenceEqual("image"u8):
            case 9 when kind.SequenceEqual("image_url"u8):
            case 10 when kind.SequenceEqual("image_file"u8):
            case 11 when kind.SequenceEqual("input_image"u8):
            case 19 when kind.SequenceEqual("computer_screenshot"u8):
                return PromptWord.Image;
            case 6 when kind.SequenceEqual("base64"u8):
                return PromptWord.Base64;
            case 4 when kind.SequenceEqual("file"u8):
            case 5 when kind.SequenceEqual("video"u8) || kind.SequenceEqual("audio"u8):
            case 8 when kind.SequenceEqual("document"u8):
            case 9 when kind.SequenceEqual("video_url"u8) || kind.SequenceEqual("audio_url"u8):
            case 10 when kind.SequenceEqual("input_file"u8):
            case 11 when kind.SequenceEqual("input_video"u8):
            case 14 when kind.SequenceEqual("item_reference"u8):
            case 16 when kind.SequenceEqual("container_upload"u8):
            case 21 when kind.SequenceEqual("image_generation_call"u8):
                return PromptWord.Unsized;
            default:
                return PromptWord.Other;
        }
    }
}
