namespace AspireGateway.Portal.Overview;

/// <summary>Registers the overview.</summary>
public static class OverviewServices
{
    /// <summary>Adds its query.</summary>
    public static void AddOverview(this IServiceCollection services) => services.AddSingleton<OverviewQuery>();
}
