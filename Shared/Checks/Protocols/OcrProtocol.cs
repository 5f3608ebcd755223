using System.Net.Http.Headers;

namespace AspireGateway.Shared.Checks.Protocols;

/// <summary>A reader of pictures: the file as the body, answered by <c>{"text"}</c>.</summary>
internal sealed class OcrProtocol : IMediaProtocol
{
    /// <inheritdoc />
    public HttpContent Write(string? model, CheckMedia media) => new ByteArrayContent(media.Bytes) { Headers = { ContentType = new MediaTypeHeaderValue(media.Type) } };
}
