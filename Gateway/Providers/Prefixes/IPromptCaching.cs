using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Prefixes;

/// <summary>How a protocol is told to keep the beginning of a prompt, where it must be told. Pure.</summary>
internal interface IPromptCaching
{
    /// <summary>Where its bodies have what.</summary>
    PromptLayout Layout { get; }

    /// <summary>The smallest beginning that a model keeps, in tokens; 0 = it keeps none, or takes no marks.</summary>
    int LeastTokens(DeploymentSnapshot deployment);

    /// <summary>Whether a model keeps a beginning for an hour if it is told to.</summary>
    bool TakesHour(DeploymentSnapshot deployment);

    /// <summary>Whether a body may have marks of its caller's. True also where the word stands there for something else: such a body is left alone.</summary>
    bool HasMarks(ReadOnlySpan<byte> body);

    /// <summary>Adds the edits that mark a place; false = it cannot be marked.</summary>
    bool TryMark(in PrefixPlace place, bool hour, List<BodyEdit> edits);
}
