using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Routes;

/// <summary>Adds a rule. For operators, organisation admins and platform engineers.</summary>
public sealed class CreateRule(ConfigurationWriter writer)
{
    /// <summary>Adds it; gateways follow within a second.</summary>
    public Task<Result<RuleDetails>> RunAsync(Actor actor, RuleRequest request, CancellationToken cancellationToken) =>
        writer.CreateAsync(RouteKinds.Rule, actor, checks => RuleSettings.Read(checks, request), cancellationToken);
}
