using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Teams;

namespace AspireGateway.Portal.Configuration;

/// <summary>The list of what the portal can do; one line a folder.</summary>
public static class Features
{
    /// <summary>Registers every feature's queries and commands.</summary>
    public static void AddFeatures(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOverview(); services.AddKeys(); services.AddTeams();
    }
}
