namespace AspireGateway.Portal.Limits;

/// <summary>Registration of this folder.</summary>
public static class LimitsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddLimits(this IServiceCollection services)
    {
        services
            .AddSingleton<LimitsQuery>()
            .AddSingleton<CreateLimit>()
            .AddSingleton<UpdateLimit>()
            .AddSingleton<DeleteLimit>();
        LimitUndos.Add(services);
    }
}
