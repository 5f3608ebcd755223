using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Providers.Authorizing;
using AspireGateway.Gateway.Providers.Prefixes;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers;

/// <summary>
/// One wire protocol. Pure: bytes in, bytes out; no client, clock or store inside. The one caller in <see cref="Calling"/> does all I/O.
/// It takes an operation as it is (<see cref="DirectFor"/>: same dialect, bytes pass), through the neutral model (<see cref="Chat"/>,
/// <see cref="Embeddings"/>), or not at all.
/// </summary>
internal interface IProviderModule
{
    /// <summary>The protocol's name in provider configurations, e.g. <c>openai</c>.</summary>
    string Protocol { get; }

    /// <summary>How a credential is shown to the provider; null when the secret is not in the form that this protocol needs.</summary>
    IRequestAuthorization? Authorize(string secret, ProviderSnapshot provider);

    /// <summary>Where an operation goes and with which headers; null when the model's name cannot stand in an address.</summary>
    UpstreamTarget? TargetOf(Operation operation, DeploymentSnapshot deployment, bool stream);

    /// <summary>Passes an operation of the same dialect on; null = the protocol does not have it.</summary>
    IDirectOperation? DirectFor(Operation operation);

    /// <summary>Translates chats; null = the protocol has none.</summary>
    IChatTranslator? Chat => null;

    /// <summary>Translates embeddings; null = the protocol has none, or only its own dialect's.</summary>
    IEmbeddingsTranslator? Embeddings => null;

    /// <summary>How it is told to keep the beginning of a prompt; null = it keeps it unasked, or not at all.</summary>
    IPromptCaching? PromptCaching => null;

    /// <summary>Whether it takes a key by which it finds whoever keeps a prompt's beginning (OpenAI's <c>prompt_cache_key</c>).</summary>
    bool TakesCacheKey => false;

    /// <summary>How replies are cut into events.</summary>
    ReplyFraming Framing => ReplyFraming.ServerSentEvents;

    /// <summary>Whether the first event of a stream (its data, or the whole frame) says that there will be no answer, and why; null = it does not.</summary>
    ProviderFailure? FailureIn(ReadOnlySpan<byte> eventData);

    /// <summary>Whether a whole reply with a good status says that the prompt was blocked, and why; null = it does not.</summary>
    ProviderFailure? RejectionIn(ReadOnlySpan<byte> body) => null;

    /// <summary>Reads an error reply (HTTP status of 400 and more).</summary>
    ProviderFailure ReadFailure(in FailedReply reply);
}

/// <summary>Where a call goes.</summary>
/// <param name="Path">Path and query behind the provider's base URL, beginning with a slash. A model's name in it came through <see cref="PathSegment"/>.</param>
/// <param name="Headers">Headers that the protocol wants beside the credential.</param>
internal sealed record UpstreamTarget(string Path, params (string Name, string Value)[] Headers)
{
    /// <summary>Headers of the caller that go on when given: the protocol's allow-list, lower case.</summary>
    public string[] CallerHeaders { get; init; } = [];
}

/// <summary>How a stream is cut into events.</summary>
internal enum ReplyFraming
{
    /// <summary><c>text/event-stream</c>.</summary>
    ServerSentEvents,

    /// <summary><c>application/vnd.amazon.eventstream</c>: binary frames with checksums.</summary>
    AmazonEventStream,
}

/// <summary>An error reply.</summary>
internal readonly ref struct FailedReply
{
    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>When to try again by the reply's headers, in seconds; null = they do not say.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Amazon's <c>x-amzn-errortype</c> header.</summary>
    public string? AmazonErrorType { get; init; }

    /// <summary>The body, cut at 64 KiB.</summary>
    public ReadOnlySpan<byte> Body { get; init; }
}
