using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Chats of other dialects with providers that speak Anthropic's protocol.</summary>
internal sealed class AnthropicTranslator : IChatTranslator
{
    /// <inheritdoc />
    public Refusal? WriteRequest(ChatRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped) =>
        AnthropicRequestWriter.Write(request, deployment, writer, dropped);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, IReplySink sink) => AnthropicReplyReader.TryRead(body, sink);

    /// <inheritdoc />
    public IChatStreamReader OpenStream() => new AnthropicStreamReader();
}
