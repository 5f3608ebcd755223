namespace AspireGateway.Portal.Agents;

/// <summary>Registration of this folder.</summary>
public static class AgentsFeature
{
    /// <summary>Adds its query.</summary>
    public static void AddAgents(this IServiceCollection services) => services.AddSingleton<AgentsQuery>();
}
