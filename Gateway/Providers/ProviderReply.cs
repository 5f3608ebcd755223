using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Providers;

/// <summary>A reply that stands: whole in memory, or a stream whose first event is there; in the caller's dialect, or in neutral words.</summary>
internal sealed class ProviderReply(Candidate candidate, IProviderModule module, AttemptTimer timer, HttpResponseMessage? response, ReplyFacts facts) : IDisposable
{
    /// <summary>Who answered.</summary>
    public Candidate Candidate { get; } = candidate;

    /// <summary>The protocol it is in.</summary>
    public IProviderModule Module { get; } = module;

    /// <summary>What it says about itself.</summary>
    public ReplyFacts Facts { get; } = facts;

    /// <summary>HTTP status.</summary>
    public int Status { get; } = (int?)response?.StatusCode ?? StatusCodes.Status200OK;

    /// <summary>Passes events on, when caller and provider speak the same dialect.</summary>
    public IDirectOperation? Direct { get; init; }

    /// <summary>The whole body in the caller's dialect.</summary>
    public PooledBody? Body { get; init; }

    /// <summary>The whole reply to a chat in another dialect.</summary>
    public ChatReply? Chat { get; init; }

    /// <summary>The whole reply to embeddings in another dialect.</summary>
    public EmbeddingsReply? Embeddings { get; init; }

    /// <summary>The stream; null for a whole reply.</summary>
    public EventStream? Events { get; init; }

    /// <summary>The bytes of a reply that is passed on as it comes.</summary>
    public ByteStream? Bytes { get; init; }

    /// <summary>Reads the stream of another dialect.</summary>
    public IChatStreamReader? StreamReader { get; init; }

    /// <summary>Bounds each wait for the provider.</summary>
    public AttemptTimer Timer { get; } = timer;

    /// <summary>The value of one of the provider's response headers; null = there is none.</summary>
    public string? HeaderOf(string name) =>
        response is not null && response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>Ends the exchange with the provider: a stream that was not read to its end is cut, so that it stops generating.</summary>
    public void Dispose()
    {
        Body?.Dispose();
        Events?.Dispose();
        Bytes?.Dispose();
        response?.Dispose();
        Timer.Dispose();
    }
}
