namespace AspireGateway.Portal.Overview;

/// <summary>Registration of this folder's query.</summary>
public static class OverviewFeature
{
    /// <summary>Adds it.</summary>
    public static void AddOverview(this IServiceCollection services) => services.AddSingleton<OverviewQuery>();
}
