using AspireGateway.Gateway.Ingress.OpenAi;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.Responses;

/// <summary>Reads the content of an item: a text, or parts of the types that Responses have.</summary>
internal static class ResponsesContentReader
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
        if (!at.IsArray) at.Refuse("must be a string or an array of parts.");
        if (!at.EnterArray()) return;
        while (at.NextItem()) ReadPart(ref at, request, parts);
    }

    private static void ReadPart(ref BodyCursor at, ChatRequest request, List<ContentPart> parts)
    {
        if (!at.EnterObject())
        {
            at.Refuse("must be a part: an object with 'type'.");
            return;
        }
        var part = new Draft();
        while (at.NextField()) ReadField(ref at, request, part);
        if (at.Fault is not null) return;
        ContentPart? read = part.Type switch
        {
            "input_text" or "output_text" or "summary_text" or "reasoning_text" or "text" => new TextPart(part.Text),
            "refusal" => new RefusalPart(part.Refusal),
            "input_image" when !part.ImageUrl.IsEmpty => new ImagePart(MediaSource.FromUrl(part.ImageUrl), part.Detail),
            "input_image" when !part.FileId.IsEmpty => new ImagePart(new MediaSource(MediaForm.FileId, part.FileId, null), part.Detail),
            "input_file" when !part.FileData.IsEmpty => new DocumentPart(MediaFields.File(part.FileData, part.FileName), part.FileName),
            "input_file" when !part.FileUrl.IsEmpty => new DocumentPart(MediaFields.File(part.FileUrl, part.FileName), part.FileName),
            "input_file" when !part.FileId.IsEmpty => new DocumentPart(new MediaSource(MediaForm.FileId, part.FileId, null), part.FileName),
            "input_audio" when part.Audio is { } audio => audio,
            _ => null,
        };
        if (read is not null) parts.Add(part.Cache is { } cache ? read with { Cache = cache } : read);
        else at.Refuse($"is a part of type '{part.Type}' that is not complete, or that the provider of this model cannot be sent. Use input_text, input_image, input_file or output_text.");
    }

    private static void ReadField(ref BodyCursor at, ChatRequest request, Draft part)
    {
        if (at.Is("type"u8)) part.Type = at.Word();
        else if (at.Is("text"u8)) part.Text = at.Text();
        else if (at.Is("refusal"u8)) part.Refusal = at.Text();
        else if (at.Is("image_url"u8)) part.ImageUrl = at.Text();
        else if (at.Is("detail"u8)) part.Detail = at.Word();
        else if (at.Is("file_data"u8)) part.FileData = at.Text();
        else if (at.Is("file_url"u8)) part.FileUrl = at.Text();
        else if (at.Is("file_id"u8)) part.FileId = at.Text();
        else if (at.Is("filename"u8)) part.FileName = at.Text();
        else if (at.Is("input_audio"u8)) part.Audio = ReadAudio(ref at, request);
        else if (at.Is("cache_control"u8)) part.Cache = ContentReader.ReadCache(ref at);
        // An answer that is sent back brings its sources and probabilities along; they say nothing to the model.
        else if (!at.Is("annotations"u8) && !at.Is("logprobs"u8)) at.Unmapped(request);
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
        if (data.IsEmpty || format is null) at.Refuse("needs 'data' (base64) and 'format' (wav, mp3).");
        return at.Fault is null ? new AudioPart(MediaFields.Audio(data, format!)) : null;
    }

    private sealed class Draft
    {
        public string? Type { get; set; }

        public string? Detail { get; set; }

        public JsonText Text { get; set; }

        public JsonText Refusal { get; set; }

        public JsonText ImageUrl { get; set; }

        public JsonText FileData { get; set; }

        public JsonText FileUrl { get; set; }

        public JsonText FileId { get; set; }

        public JsonText FileName { get; set; }

        public AudioPart? Audio { get; set; }

        public CacheMarker? Cache { get; set; }
    }
}
