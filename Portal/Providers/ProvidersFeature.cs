namespace AspireGateway.Portal.Providers;

/// <summary>Registration of this folder.</summary>
public static class ProvidersFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddProviders(this IServiceCollection services)
    {
        services
            .AddSingleton<ProvidersQuery>()
            .AddSingleton<CreateProvider>()
            .AddSingleton<UpdateProvider>()
            .AddSingleton<DeleteProvider>();
        ProviderUndos.Add(services);
    }
}
