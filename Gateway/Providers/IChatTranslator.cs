using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers;

/// <summary>A protocol's side of a chat between dialects. Pure; one instance serves all requests.</summary>
internal interface IChatTranslator
{
    /// <summary>
    /// Writes the neutral request as the protocol's body (one JSON object). A parameter that it cannot express is named in <paramref name="dropped"/>;
    /// a part of the conversation that it cannot express refuses, because leaving it out would change what is asked.
    /// </summary>
    /// <returns>Why it cannot be written; null = it was.</returns>
    Refusal? WriteRequest(ChatRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped);

    /// <summary>Reads a whole reply into events; false when it is not a reply of this protocol. Nothing that it gave the sink counts then.</summary>
    bool TryReadReply(ReadOnlySpan<byte> body, IReplySink sink);

    /// <summary>A reader for one stream; it may keep state.</summary>
    IChatStreamReader OpenStream();
}

/// <summary>Reads one stream of a chat into events.</summary>
internal interface IChatStreamReader
{
    /// <summary>Reads one event's data (of Amazon's framing: the whole frame). Never throws for what a provider may send.</summary>
    StreamStep Read(ReadOnlySpan<byte> eventData, IReplySink sink);

    /// <summary>
    /// The provider closed its side without an end marker: gives the sink what is still owed (part stops, finish) and says whether the reply counts as
    /// whole.
    /// </summary>
    StreamStep End(IReplySink sink);

    /// <summary>Why the last step failed, where the provider said it; null = no reason given.</summary>
    ProviderFailure? Failure { get; }
}

/// <summary>Where a stream stands after an event.</summary>
internal enum StreamStep
{
    /// <summary>More is to come.</summary>
    More,

    /// <summary>The reply is whole.</summary>
    Done,

    /// <summary>The provider reported a failure, or the event makes no sense.</summary>
    Failed,
}

/// <summary>A protocol's side of embeddings between dialects. Pure.</summary>
internal interface IEmbeddingsTranslator
{
    /// <summary>Writes the request; see <see cref="IChatTranslator.WriteRequest"/>.</summary>
    Refusal? WriteRequest(EmbeddingsRequest request, DeploymentSnapshot deployment, Utf8JsonWriter writer, DroppedFields dropped);

    /// <summary>Reads the reply; false when it is not one.</summary>
    bool TryReadReply(ReadOnlySpan<byte> body, EmbeddingsReply reply);
}
