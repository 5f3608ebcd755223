using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Users;

/// <summary>Lists end users as callers name them in <c>x-gateway-user</c>, by name.</summary>
internal sealed class EndUsersQuery(NamedUsageQuery names)
{
    private static readonly NamesQuestion s_all = new(Facet.Of("user")!);

    /// <summary>A page of what the actor may see.</summary>
    public Task<Result<Page<NamedUsage>>> RunAsync(Actor actor, NamesFilter filter, CancellationToken cancellationToken) => names.RunAsync(actor, s_all, filter, cancellationToken);
}
