using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>Where the circuits of all deployments stand, for <c>/metrics</c>.</summary>
internal sealed class CircuitMetrics(SnapshotHolder configuration, TimeProvider time)
{
    private const int MaxDeployments = 5_000;

    /// <summary>Names and states: 0 closed, 1 recovering or resting, 2 open. Of deployments of one name in several organisations the worst.</summary>
    public IReadOnlyDictionary<string, int> States()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var organisation in configuration.Current?.Organisations.Values ?? [])
        {
            foreach (var model in organisation.DirectModels.Values)
            {
                foreach (var deployment in model.Deployments)
                {
                    if (states.Count >= MaxDeployments && !states.ContainsKey(deployment.Name)) continue;
                    var state = deployment.Traffic.Circuit.StateAt(now) switch { CircuitState.Closed => 0, CircuitState.Open => 2, _ => 1 };
                    states[deployment.Name] = Math.Max(state, states.GetValueOrDefault(deployment.Name));
                }
            }
        }
        return states;
    }
}
