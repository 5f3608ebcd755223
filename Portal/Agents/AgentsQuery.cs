using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Agents;

/// <summary>Lists the agents that requests named in <c>x-gateway-agent</c>, by name.</summary>
internal sealed class AgentsQuery(NamedUsageQuery names)
{
    private static readonly NamesQuestion s_all = new(Facet.Of("agent")!);

    /// <summary>A page of what the actor may see.</summary>
    public Task<Result<Page<NamedUsage>>> RunAsync(Actor actor, NamesFilter filter, CancellationToken cancellationToken) => names.RunAsync(actor, s_all, filter, cancellationToken);
}
