namespace AspireGateway.Portal.Tiers;

/// <summary>Registration of this folder.</summary>
public static class TiersFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddTiers(this IServiceCollection services)
    {
        services
            .AddSingleton<TiersQuery>()
            .AddSingleton<CreateTier>()
            .AddSingleton<UpdateTier>()
            .AddSingleton<DeleteTier>()
            .AddSingleton<AssignTier>()
            .AddSingleton<UnassignTier>();
        TierUndos.Add(services);
    }
}
