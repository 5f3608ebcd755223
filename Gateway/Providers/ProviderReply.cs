using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Providers;

/// <summary>A reply that stands: whole in memory, or a stream whose first event is there.</summary>
internal sealed class ProviderReply(Candidate candidate, IProviderModule module, AttemptTimer timer, HttpResponseMessage response, ReplyFacts facts) : IDisposable
{
    /// <summary>Who answered.</summary>
    public Candidate Candidate { get; } = candidate;

    /// <summary>The protocol it is in.</summary>
    public IProviderModule Module { get; } = module;

    /// <summary>What it says about itself.</summary>
    public ReplyFacts Facts { get; } = facts;

    /// <summary>HTTP status.</summary>
    public int Status { get; } = (int)response.StatusCode;

    /// <summary>The whole body; null for a stream.</summary>
    public PooledBody? Body { get; init; }

    /// <summary>The stream; null for a whole reply.</summary>
    public EventStream? Events { get; init; }

    /// <summary>Bounds each wait for the provider.</summary>
    public AttemptTimer Timer { get; } = timer;

    /// <summary>Ends the exchange with the provider: a stream that was not read to its end is cut, so that it stops generating.</summary>
    public void Dispose()
    {
        Body?.Dispose();
        Events?.Dispose();
        response.Dispose();
        Timer.Dispose();
    }
}
