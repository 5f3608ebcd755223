using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Reads the content of a chat message (OpenAI API reference, "Create chat completion", messages): a text, or parts of several types.</summary>
internal static class ContentReader
{
    /// <summary>Reads the content that the cursor stands at into parts.</summary>
    public static void Read(ref BodyCursor at, ChatRequest request, List<ContentPart> parts)
    {
        if (at.IsNull) return;
        if (at.IsString)
        {
            parts.Add(new TextPart(at.Text()));
            return;
        }
        if (!at.IsArray)
        {
            at.Refuse("must be a string or an array of parts.");
            return;
        }
        at.EnterArray();
        while (at.NextItem())
        {
            if (at.IsString) parts.Add(new TextPart(at.Text()));
            else ReadPart(ref at, request, parts);
        }
    }

    /// <summary>Reads a vendors' <c>cache_control</c>, which many clients send to whoever speaks this dialect.</summary>
    public static CacheMarker? ReadCache(ref BodyCursor at)
    {
        if (!at.EnterObject()) return null;
        string? ttl = null;
        while (at.NextField())
            if (at.Is("ttl"u8)) ttl = at.Word();
        return new CacheMarker(ttl);
    }

    private static void ReadPart(ref BodyCursor at, ChatRequest request, List<ContentPart> parts)
    {
        if (!at.EnterObject())
        {
            at.Refuse("must be a part: an object with 'type'.");
            return;
        }
        string? type = null;
        JsonText text = default, refusal = default;
        ContentPart? medium = null;
        CacheMarker? cache = null;
        var hasText = false;
        while (at.NextField())
        {
            if (at.Is("type"u8)) type = at.Word();
            else if (at.Is("text"u8)) (text, hasText) = (at.Text(), true);
            else if (at.Is("refusal"u8)) refusal = at.Text();
            else if (at.Is("image_url"u8)) medium = ReadImage(ref at, request);
            else if (at.Is("input_audio"u8)) medium = ReadAudio(ref at, request);
            else if (at.Is("file"u8)) medium = ReadFile(ref at, request);
            else if (at.Is("cache_control"u8)) cache = ReadCache(ref at);
            else at.Unmapped(request);
        }
        if (at.Fault is not null) return;
        ContentPart? part = type switch
        {
            "text" when hasText => new TextPart(text),
            "image_url" => medium as ImagePart,
            "input_audio" => medium as AudioPart,
            "file" => medium as DocumentPart,
            "refusal" => new RefusalPart(refusal),
            _ => null,
        };
        if (part is not null) parts.Add(cache is null ? part : part with { Cache = cache });
        else at.Refuse(type is "text" or "image_url" or "input_audio" or "file"
            ? $"is a part of type '{type}' without its '{type}'."
            : $"is a part of type '{type}', which the provider of this model cannot be sent. Use text, image_url, input_audio, file or refusal.");
    }

    private static ImagePart? ReadImage(ref BodyCursor at, ChatRequest request)
    {
        if (at.IsString) return new ImagePart(MediaSource.FromUrl(at.Text()));
        if (!at.EnterObject()) return null;
        JsonText url = default;
        string? detail = null;
        while (at.NextField())
        {
            if (at.Is("url"u8)) url = at.Text();
            else if (at.Is("detail"u8)) detail = at.Word();
            else at.Unmapped(request);
        }
        if (url.IsEmpty) at.Refuse("needs 'url': an https address or a data URL.");
        return at.Fault is null ? new ImagePart(MediaSource.FromUrl(url), detail) : null;
    }

    private static AudioPart? ReadAudio(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterObject()) return null;
        JsonText data = default;
        string? format = null;
        while (at.NextField())
        {
            if (at.Is("data"u8)) data = at.Text();
            else if (at.Is("format"u8)) format = at.Word();
            else at.Unmapped(request);
        }
        if (data.IsEmpty || format is null) at.Refuse("needs 'data' (base64) and 'format' (wav, mp3 ...).");
        return at.Fault is null ? new AudioPart(MediaFields.Audio(data, format!)) : null;
    }

    private static DocumentPart? ReadFile(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterObject()) return null;
        JsonText data = default, id = default, name = default;
        while (at.NextField())
        {
            if (at.Is("file_data"u8)) data = at.Text();
            else if (at.Is("file_id"u8)) id = at.Text();
            else if (at.Is("filename"u8)) name = at.Text();
            else at.Unmapped(request);
        }
        if (data.IsEmpty && id.IsEmpty) at.Refuse("needs 'file_data' or 'file_id'.");
        if (at.Fault is not null) return null;
        return new DocumentPart(data.IsEmpty ? new MediaSource(MediaForm.FileId, id, null) : MediaFields.File(data, name), name);
    }
}
