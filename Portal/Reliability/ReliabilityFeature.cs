using AspireGateway.Portal.Reliability.Figures;

namespace AspireGateway.Portal.Reliability;

/// <summary>Registration of this folder.</summary>
public static class ReliabilityFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddReliability(this IServiceCollection services)
    {
        services
            .AddSingleton<ReliabilityQuery>()
            .AddSingleton<FiguresQuery>()
            .AddSingleton<ModelReliabilityQuery>()
            .AddSingleton<SetModelReliability>()
            .AddSingleton<SetBreaker>();
        ReliabilityUndos.Add(services);
    }
}
