using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Probing;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Reliability;

/// <summary>Adds retries, breakers and what they go by.</summary>
internal static class ReliabilityRegistration
{
    /// <summary><c>Gateway:Reliability</c> holds what is usual (<see cref="ReliabilityOptions"/>); models and deployments have their own settings in the portal.</summary>
    /// <exception cref="InvalidOperationException">At start, when a setting cannot be used.</exception>
    public static void AddReliability(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReliabilityOptions>().Bind(builder.Configuration.GetSection("Gateway:Reliability"))
            .Validate(options => options.Fault() is null, "Gateway:Reliability holds a value out of range; docs/operations/reliability.md lists them.").ValidateOnStart();
        CircuitFilter.RampMs = builder.Configuration.GetValue("Gateway:Reliability:RampStepMs", CircuitFilter.RampMs);
        builder.Services.AddSingleton<Hedging.HedgeBudgets>();
        builder.Services.AddSingleton<Hedging.HedgedCall>();
        builder.Services.AddSingleton<Providers.Cascades.JudgeCall>();
        builder.Services.AddSingleton<Caching.Semantic.Embedding.IEmbedder, Providers.Embedders.EmbeddingCall>();
        builder.Services.AddSingleton<Providers.Cascades.CascadeCall>();
        builder.Services.AddSingleton<Providers.Formats.RetakeCall>();
        builder.Services.AddSingleton<Providers.Groundedness.GroundednessCall>();
        builder.Services.AddSingleton<CircuitNews>();
        builder.Services.AddSingleton<CircuitWatch>();
        builder.Services.AddSingleton<Credentials.CredentialWatch>();
        builder.Services.AddSingleton<FailureWatch>();
        builder.Services.AddSingleton<CircuitMetrics>();
        builder.Services.AddSingleton<CircuitBooks>();
        builder.Services.AddSingleton(provider => new SharedCircuits(provider.GetService<RedisClient>(), provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<ProbeDeployments>();
        // Streams that flow when the gateway is told to stop are given this long to end.
        var drain = builder.Configuration.GetValue("Gateway:Reliability:DrainSeconds", 60);
        if (drain is < 1 or > 3_600) throw new InvalidOperationException("Gateway:Reliability:DrainSeconds must be from 1 to 3600.");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(drain));
        builder.Services.AddSingleton<CircuitKeeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CircuitKeeper>());
    }
}
