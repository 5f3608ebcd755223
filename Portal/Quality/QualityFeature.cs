namespace AspireGateway.Portal.Quality;

/// <summary>Registration of this folder.</summary>
public static class QualityFeature
{
    /// <summary>Adds its query and commands.</summary>
    public static void AddQuality(this IServiceCollection services) => services
        .AddSingleton<QualityQuery>()
        .AddSingleton<InUse.InUseQuery>()
        .AddSingleton<PublishQuality>()
        .AddSingleton<ImportQuality>()
        .AddSingleton<RestoreQuality>()
        .AddHostedService<LearnQuality>();
}
