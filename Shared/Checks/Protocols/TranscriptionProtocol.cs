using System.Net.Http.Headers;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>An endpoint like OpenAI's <c>/v1/audio/transcriptions</c>: a form with <c>file</c> and <c>model</c>, answered by <c>{"text"}</c>.</summary>
internal sealed class TranscriptionProtocol : IMediaProtocol
{
    /// <inheritdoc />
    public HttpContent Write(string? model, CheckMedia media)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(media.Bytes) { Headers = { ContentType = new MediaTypeHeaderValue(media.Type) } }, "file", "sound" + ExtensionOf(media.Type) } };
        if (model is not null) form.Add(new StringContent(model), "model");
        form.Add(new StringContent("json"), "response_format");
        return form;
    }

    // Such endpoints go by the file's name.
    private static string ExtensionOf(string type) => type switch
    {
        "audio/mpeg" => ".mp3",
        "audio/wav" => ".wav",
        "audio/flac" => ".flac",
        "audio/ogg" => ".ogg",
        "audio/mp4" => ".m4a",
        "audio/aac" => ".aac",
        "video/webm" or "audio/webm" => ".webm",
        _ => ".mp4",
    };
}
