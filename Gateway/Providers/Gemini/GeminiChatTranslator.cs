using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>Chats through <c>generateContent</c> and <c>streamGenerateContent</c>.</summary>
internal sealed class GeminiChatTranslator(bool isVertex) : IChatTranslator
{
    /// <inheritdoc />
    public Refusal? WriteRequest(ChatRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped) =>
        GeminiRequestWriter.Write(request, GeminiModelFamily.Of(deployment.UpstreamModel), isVertex, writer, dropped);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, IReplySink sink)
    {
        var reader = new GeminiReplyReader();
        if (!reader.TryRead(body, sink)) return false;
        // Valid to its last brace: nothing was cut off even if it does not say why it ended.
        reader.End(sink);
        return reader.HasAnswer;
    }

    /// <inheritdoc />
    public IChatStreamReader OpenStream() => new GeminiStreamReader();
}
