using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Gateway.Providers.Prefixes;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>Marks as <c>cachePoint</c> blocks behind the last block of a beginning (Amazon Bedrock user guide, "Prompt caching for faster model inference").</summary>
internal sealed class BedrockPromptCaching : IPromptCaching
{
    // Nova's smallest beginning; its tools take no mark, its time cannot be chosen.
    private const int NovaTokens = 1_000;
    private const int HourSince = 45;

    private static readonly byte[] Point = """,{"cachePoint":{"type":"default"}}"""u8.ToArray(), HourPoint = """,{"cachePoint":{"type":"default","ttl":"1h"}}"""u8.ToArray();

    /// <inheritdoc />
    public PromptLayout Layout => PromptLayout.Converse;

    /// <inheritdoc />
    public int LeastTokens(DeploymentSnapshot deployment)
    {
        var model = BedrockModel.Of(deployment.UpstreamModel);
        // Of a model behind a profile's name nobody knows whether it takes marks.
        return !model.TakesCachePoints ? 0 : model.Family switch
        {
            BedrockFamily.Anthropic => AnthropicModelTraits.Of(deployment.UpstreamModel).LeastCachedTokens,
            BedrockFamily.Nova or BedrockFamily.Nova2 => NovaTokens,
            _ => 0,
        };
    }

    /// <inheritdoc />
    public bool TakesHour(DeploymentSnapshot deployment) =>
        BedrockModel.Of(deployment.UpstreamModel).Family == BedrockFamily.Anthropic && AnthropicModelTraits.Of(deployment.UpstreamModel).Version >= HourSince;

    /// <inheritdoc />
    public bool HasMarks(ReadOnlySpan<byte> body) => body.IndexOf("\"cachePoint\""u8) >= 0;

    /// <inheritdoc />
    public bool TryMark(in PrefixPlace place, bool hour, List<BodyEdit> edits)
    {
        if (place.Form != PrefixForm.Block) return false;
        edits.Add(new(place.End, place.End, hour ? HourPoint : Point));
        return true;
    }
}
