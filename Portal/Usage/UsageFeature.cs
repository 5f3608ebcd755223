namespace AspireGateway.Portal.Usage;

/// <summary>Registration of this folder.</summary>
public static class UsageFeature
{
    /// <summary>Adds its queries.</summary>
    public static void AddUsage(this IServiceCollection services) => services
        .AddSingleton<UsageQuery>()
        .AddSingleton<NamedUsageQuery>();
}
