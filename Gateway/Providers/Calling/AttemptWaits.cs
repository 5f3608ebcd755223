using System.Runtime.InteropServices;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>How long an attempt may take in each of its phases: the model's times, else the provider's.</summary>
/// <param name="Connect">To open a connection.</param>
/// <param name="FirstToken">To a stream's first event, or a whole answer's headers.</param>
/// <param name="Idle">Longest silence after that.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AttemptWaits(TimeSpan Connect, TimeSpan FirstToken, TimeSpan Idle)
{
    /// <summary>The times of the next attempt.</summary>
    public static AttemptWaits Of(Exchange exchange, ProviderSnapshot provider)
    {
        var model = exchange.Plan!.Model.Reliability;
        var firstToken = model?.FirstTokenTimeoutMs is { } own ? TimeSpan.FromMilliseconds(own) : provider.FirstByteTimeout;
        // Who could ask another one does not wait as long as who cannot.
        if (model?.FirstTokenTimeoutMs is null && exchange.Call.HasOthers && exchange.Call.MovesOnAfter < firstToken) firstToken = exchange.Call.MovesOnAfter;
        return new(
            // The provider's is the pool's own and the most there is.
            model?.ConnectTimeoutMs is { } connect && connect < provider.ConnectTimeout.TotalMilliseconds ? TimeSpan.FromMilliseconds(connect) : provider.ConnectTimeout,
            firstToken,
            model?.IdleTimeoutMs is { } idle ? TimeSpan.FromMilliseconds(idle) : provider.IdleTimeout);
    }
}
