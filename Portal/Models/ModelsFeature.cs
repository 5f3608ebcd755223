namespace AspireGateway.Portal.Models;

/// <summary>Registration of this folder.</summary>
public static class ModelsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddModels(this IServiceCollection services)
    {
        services
            .AddSingleton<ModelsQuery>()
            .AddSingleton<CreateModel>()
            .AddSingleton<UpdateModel>()
            .AddSingleton<DeleteModel>();
        ModelUndos.Add(services);
    }
}
