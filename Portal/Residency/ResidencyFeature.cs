namespace AspireGateway.Portal.Residency;

/// <summary>Registration of this folder.</summary>
public static class ResidencyFeature
{
    /// <summary>Adds its query and commands.</summary>
    public static void AddResidency(this IServiceCollection services)
    {
        services
            .AddSingleton<ResidencyQuery>()
            .AddSingleton<SetResidency>()
            .AddSingleton<DeleteResidency>();
        ResidencyUndos.Add(services);
    }
}
