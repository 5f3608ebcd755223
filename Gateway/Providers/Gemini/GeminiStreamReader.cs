using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Reads one stream. It has no end marker: an answer is whole when it gave its reason to finish and the provider closed its side.</summary>
internal sealed class GeminiStreamReader : IChatStreamReader
{
    private readonly GeminiReplyReader reader = new();

    /// <inheritdoc />
    public ProviderFailure? Failure => reader.Failure;

    /// <inheritdoc />
    public StreamStep Read(ReadOnlySpan<byte> eventData, IReplySink sink) => reader.TryRead(eventData, sink) ? StreamStep.More : StreamStep.Failed;

    /// <inheritdoc />
    public StreamStep End(IReplySink sink) => reader.End(sink) ? StreamStep.Done : StreamStep.Failed;
}
