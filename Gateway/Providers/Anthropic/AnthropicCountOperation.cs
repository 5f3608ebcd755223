using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Token counting (Anthropic, "Count Message tokens"). It is free of charge, so the facts get a usage of nothing, and the number goes to the caller only.</summary>
internal sealed class AnthropicCountOperation : IDirectOperation
{
    /// <inheritdoc />
    public BodyEdit[] EditRequest(RequestFacts request, DeploymentSnapshot deployment, DroppedFields dropped) =>
        AnthropicMessagesOperation.ReplaceModel(request, deployment.UpstreamModelJson);

    /// <inheritdoc />
    public bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        var reader = new Utf8JsonReader(body, AnthropicJson.Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            var counted = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isCount = reader.ValueTextEquals("input_tokens"u8);
                reader.Read();
                counted |= isCount && reader.TokenType == JsonTokenType.Number;
                reader.Skip();
            }
            reader.Read();
            if (!counted) return false;
            facts.Usage = default(Pipeline.TokenUsage);
            facts.IsFinished = true;
            return true;
        }
        catch (Exception fault) when (AnthropicJson.IsBadInput(fault))
        {
            return false;
        }
    }

    /// <inheritdoc />
    public StreamVerdict ReadEvent(ReadOnlySpan<byte> eventData, ReplyFacts facts, bool hideUsage) => new(StreamAction.Fail);
}
