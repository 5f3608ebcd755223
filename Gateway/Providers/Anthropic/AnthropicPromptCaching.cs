using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.Providers.Prefixes;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Marks as <c>cache_control</c> on the last block of a beginning (Anthropic, "Prompt caching"); a text becomes a block first.</summary>
internal sealed class AnthropicPromptCaching : IPromptCaching
{
    private static readonly byte[] Mark = ""","cache_control":{"type":"ephemeral"}"""u8.ToArray(), HourMark = ""","cache_control":{"type":"ephemeral","ttl":"1h"}"""u8.ToArray();

    private static readonly byte[] BlockStart = """[{"type":"text","text":"""u8.ToArray();
    private static readonly byte[] BlockEnd = [.. Mark, .. "}]"u8], HourBlockEnd = [.. HourMark, .. "}]"u8];

    /// <inheritdoc />
    public PromptLayout Layout => PromptLayout.Anthropic;

    /// <inheritdoc />
    public int LeastTokens(DeploymentSnapshot deployment) => AnthropicModelTraits.Of(deployment.UpstreamModel).LeastCachedTokens;

    /// <inheritdoc />
    public bool TakesHour(DeploymentSnapshot deployment) => true;

    /// <inheritdoc />
    public bool HasMarks(ReadOnlySpan<byte> body) => body.IndexOf("\"cache_control\""u8) >= 0;

    /// <inheritdoc />
    public bool TryMark(in PrefixPlace place, bool hour, List<BodyEdit> edits)
    {
        switch (place.Form)
        {
            case PrefixForm.Block:
                // In front of the brace that ends it; it says at least what it is, so that there is a field before.
                edits.Add(new(place.End - 1, place.End - 1, hour ? HourMark : Mark));
                return true;
            case PrefixForm.Text:
                edits.Add(new(place.Start, place.Start, BlockStart));
                edits.Add(new(place.End, place.End, hour ? HourBlockEnd : BlockEnd));
                return true;
            default:
                return false;
        }
    }
}
