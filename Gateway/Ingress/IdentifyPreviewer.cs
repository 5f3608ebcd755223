using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Data;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Who asks where a request would go? The holder of a key, or the portal for a key with a <see cref="PreviewTicket"/>.</summary>
internal sealed class IdentifyPreviewer(IdentifyCaller identify, SecretBox box, TimeProvider time) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        if (!exchange.Http.Request.Headers.TryGetValue(PreviewTicket.Header, out var tickets)) return identify.DecideAsync(exchange);
        if (PreviewTicket.Read(box, tickets.ToString(), time.GetUtcNow()) is not { } id)
            return Decision.Refuse(Refusal.InvalidKey($"Header '{PreviewTicket.Header}' holds no ticket of this gateway's portal, or an old one. Try again, or send a key."));
        if (exchange.Snapshot is not { } snapshot)
            return Decision.Refuse(Refusal.StoreUnavailable("The gateway has not been able to load its configuration yet, so no key can be checked. Try again shortly."));
        // People ask this now and then, so going through all keys is better than an index that every change would have to keep.
        foreach (var key in snapshot.Keys.All)
        {
            if (key.Id != id) continue;
            var refusal = identify.Check(key, snapshot, out var caller);
            exchange.Caller = caller;
            return refusal is null ? Decision.Continue : Decision.Refuse(refusal);
        }
        return Decision.Refuse(Refusal.InvalidKey("The key is not known to this gateway. It may be new: try again in a second."));
    }
}
