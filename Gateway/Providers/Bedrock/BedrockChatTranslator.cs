using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Chats through Converse and ConverseStream.</summary>
internal sealed class BedrockChatTranslator : IChatTranslator
{
    /// <inheritdoc />
    public Refusal? WriteRequest(ChatRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped) =>
        BedrockRequestWriter.Write(request, deployment.UpstreamModel, writer, dropped);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, IReplySink sink) => BedrockReplyReader.TryRead(body, sink);

    /// <inheritdoc />
    public IChatStreamReader OpenStream() => new BedrockStreamReader();
}
