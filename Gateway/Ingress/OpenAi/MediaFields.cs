using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Files and sounds as OpenAI's APIs give them.</summary>
internal static class MediaFields
{
    /// <summary>OpenAI's <c>file_data</c>: a data URL by its reference, bare base64 in practice; some vendors take an address.</summary>
    public static MediaSource File(JsonText data, JsonText fileName)
    {
        var start = data.Escaped;
        if (start.StartsWith("data:"u8)) return MediaSource.FromUrl(data);
        return start.StartsWith("http://"u8) || start.StartsWith("https://"u8)
            ? new(MediaForm.Url, data, MediaTypeOf(fileName))
            : new(MediaForm.Base64, data, MediaTypeOf(fileName) ?? "application/pdf");
    }

    /// <summary>OpenAI's <c>input_audio</c>: base64 and a word for its format.</summary>
    public static MediaSource Audio(JsonText data, string format) => new(MediaForm.Base64, data, "audio/" + format.ToLowerInvariant());

    private static string? MediaTypeOf(JsonText fileName)
    {
        var name = fileName.IsEmpty ? "" : fileName.ToString();
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".pdf" => "application/pdf",
            ".txt" => "text/plain",
            ".md" => "text/markdown",
            ".csv" => "text/csv",
            ".html" or ".htm" => "text/html",
            ".json" => "application/json",
            ".xml" => "application/xml",
            ".doc" => "application/msword",
            ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ".xls" => "application/vnd.ms-excel",
            ".xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _ => null,
        };
    }
}
