using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress.Anthropic;

/// <summary>
/// Reads requests of Anthropic's Messages API ("Messages", request body) for providers of another dialect. What only Anthropic itself can do, such as
/// running its server tools, is refused; parameters without a neutral form are named.
/// </summary>
internal sealed class AnthropicRequestDialect : IRequestDialect
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <inheritdoc />
    public Refusal? Read(ReadOnlyMemory<byte> body, ChatRequest request)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return Refusal.InvalidRequest("The body must be one JSON object.");
            var source = new JsonSource(body);
            AnthropicParameters.Parts parts = default;
            return AnthropicParameters.Read(document.RootElement, source, request, ref parts)
                ?? AnthropicConversation.Read(parts, source, request)
                ?? AnthropicTools.Read(parts, source, request);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // What is known to be JSON can still hold half a surrogate pair or broken UTF-8 where a text is compared or decoded.
            return Refusal.InvalidRequest("The body holds text that is not valid Unicode, or is nested too deep. Send UTF-8.");
        }
    }
}
