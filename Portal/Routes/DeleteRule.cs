using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Routes;

/// <summary>Deletes a rule. For operators, organisation admins and platform engineers.</summary>
public sealed class DeleteRule(ConfigurationWriter writer)
{
    /// <summary>Deletes it; gateways follow within a second.</summary>
    public Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken) => writer.DeleteAsync(RouteKinds.Rule, actor, id, cancellationToken);
}
