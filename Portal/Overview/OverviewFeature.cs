namespace AspireGateway.Portal.Overview;

/// <summary>Registration of this folder's queries.</summary>
public static class OverviewFeature
{
    /// <summary>Adds them.</summary>
    public static void AddOverview(this IServiceCollection services) => services
        .AddSingleton<OverviewQuery>()
        .AddSingleton<MoneyQuery>()
        .AddSingleton<SecurityQuery>()
        .AddSingleton<NeedsQuery>()
        .AddSingleton<HomeQuery>();
}
