using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>Registration of this folder.</summary>
internal static class CanariesRegistration
{
    /// <summary>Adds the keeper of canaries; it counts in Redis where there is one.</summary>
    public static void AddCanaries(this IHostApplicationBuilder builder) =>
        builder.Services.AddHostedService(provider => new CanaryKeeper(
            provider.GetRequiredService<SnapshotHolder>(), provider.GetRequiredService<SteeringLog>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CanaryKeeper>>(), provider.GetService<RedisClient>()));
}
