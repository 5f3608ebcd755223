using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Routes;

/// <summary>Changes a rule. For operators, organisation admins and platform engineers.</summary>
public sealed class UpdateRule(ConfigurationWriter writer)
{
    /// <summary>Sets all its values; gateways follow within a second.</summary>
    public Task<Result<RuleDetails>> RunAsync(Actor actor, Guid id, RuleRequest request, CancellationToken cancellationToken) =>
        writer.UpdateAsync(RouteKinds.Rule, actor, id, checks => RuleSettings.Read(checks, request), cancellationToken);
}
