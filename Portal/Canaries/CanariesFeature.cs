using AspireGateway.Shared.Redis;

namespace AspireGateway.Portal.Canaries;

/// <summary>Registration of this folder.</summary>
public static class CanariesFeature
{
    /// <summary>Adds its query, commands, and the worker that writes rollbacks down.</summary>
    public static void AddCanaries(this IServiceCollection services) => services
        .AddSingleton(provider => new CanaryCounts(provider.GetService<RedisClient>()))
        .AddSingleton<CanariesQuery>()
        .AddSingleton<CreateCanary>()
        .AddSingleton<PromoteCanary>()
        .AddSingleton<AbortCanary>()
        .AddHostedService<CanaryWorker>();
}
