using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>Chat completions for callers of other dialects.</summary>
internal sealed class OpenAiChatTranslator(OpenAiVendor vendor) : IChatTranslator
{
    /// <inheritdoc />
    public Refusal? WriteRequest(ChatRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped) =>
        new ChatBodyWriter(vendor, writer, dropped).Write(request, deployment.UpstreamModelJson);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, IReplySink sink) => ChatReplyReader.TryRead(body, sink);

    /// <inheritdoc />
    public IChatStreamReader OpenStream() => new ChatStreamReader();
}
