namespace AspireGateway.Portal.Retention;

/// <summary>Registration of this folder.</summary>
public static class RetentionFeature
{
    /// <summary>Adds its query and command, and what deletes.</summary>
    public static void AddRetention(this IServiceCollection services) => services.AddSingleton<RetentionQuery>().AddSingleton<SetRetention>().AddSingleton<RetentionSweep>();
}
