using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers;

/// <summary>Reads answers that pass in their own dialect, for whoever has to look at them before they go out. Pure.</summary>
internal interface IDirectAnswers
{
    /// <summary>Reads a whole answer into events; false when it is none, or has not ended yet. Nothing that it gave the sink counts then.</summary>
    bool TryRead(ReadOnlySpan<byte> body, IReplySink sink);

    /// <summary>A reader for one stream.</summary>
    /// <param name="facts">Gets what the stream says about itself; the sink gets the answer's parts only, once it is whole.</param>
    IChatStreamReader OpenStream(ReplyFacts facts);
}
