using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>The chosen steps of a cascade first, in their order; the model's other deployments behind them.</summary>
internal sealed class CascadeStrategy : IStrategy
{
    /// <inheritdoc />
    public string Name => RoutingStrategies.Cascade;

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        if (model.Cascade is not { Steps: { Count: > 0 } steps }) return;
        var place = 0;
        for (var step = 0; step < steps.Count; step++)
        {
            for (var i = place; i < candidates.Length; i++)
            {
                if (candidates[i].Deployment.Id != steps[step]) continue;
                var chosen = candidates[i];
                candidates[place..i].CopyTo(candidates[(place + 1)..]);
                candidates[place++] = chosen;
                break;
            }
        }
    }
}
