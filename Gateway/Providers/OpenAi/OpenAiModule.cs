using AspireGateway.Gateway.Ingress;

namespace AspireGateway.Gateway.Providers.OpenAi;

/// <summary>OpenAI's HTTP API ("API reference": chat completions, embeddings), which most vendors and servers of open models speak too.</summary>
internal sealed class OpenAiModule : IProviderModule
{
    /// <inheritdoc />
    public string Protocol => "openai";

    /// <inheritdoc />
    public (string Name, string Value) Authorize(string secret) => ("Authorization", "Bearer " + secret);

    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, byte[] upstreamModelJson) => OpenAiRequestWriter.Edit(request, upstreamModelJson);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts) => OpenAiReplyReader.TryRead(body, facts);

    /// <inheritdoc />
    public bool IsFailure(ReadOnlySpan<byte> eventData) => OpenAiStreamReader.IsFailure(eventData);

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) =>
        OpenAiStreamReader.Read(eventData, facts, hideUsage);

    /// <inheritdoc />
    public ProviderFailure ReadFailure(int status, int? retryAfterSeconds, ReadOnlySpan<byte> body) =>
        OpenAiFailureReader.Read(status, retryAfterSeconds, body);
}
