namespace AspireGateway.Portal.Features;

/// <summary>Registration of this folder.</summary>
public static class FeaturesFeature
{
    /// <summary>Adds its query and commands.</summary>
    public static void AddFeatureOwners(this IServiceCollection services)
    {
        services
            .AddSingleton<FeaturesQuery>()
            .AddSingleton<CreateFeature>()
            .AddSingleton<UpdateFeature>()
            .AddSingleton<DeleteFeature>();
        FeatureUndos.Add(services);
    }
}
