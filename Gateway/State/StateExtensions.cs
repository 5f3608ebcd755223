using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.State;

/// <summary>Registers the configuration snapshot and what keeps it current.</summary>
internal static class StateExtensions
{
    private const string ConnectionName = "gatewaydb";

    /// <summary>
    /// Adds <see cref="SnapshotHolder"/>, <see cref="SnapshotStatus"/>, the refresher with its last-good copy in <c>Gateway:DataPath</c>, and the health
    /// check <c>configuration</c>. Postgres itself counts as degraded when it is away: the snapshot serves.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>ConnectionStrings:gatewaydb</c> is missing.</exception>
    public static IHostApplicationBuilder AddState(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString(ConnectionName)
            ?? throw new InvalidOperationException($"ConnectionStrings__{ConnectionName} is not set");
        var folder = builder.Configuration["Gateway:DataPath"];
        var file = string.IsNullOrWhiteSpace(folder) ? null : new SnapshotFile(folder);
        var services = builder.Services;
        services.AddSingleton<SnapshotHolder>();
        services.AddSingleton<SnapshotStatus>();
        services.AddSingleton<SnapshotLoader>();
        services.AddSingleton(provider => new ListenerSource(connectionString, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new SnapshotKeeper(
            file, provider.GetRequiredService<SnapshotHolder>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SnapshotKeeper>>()));
        services.AddHostedService(provider => provider.GetRequiredService<SnapshotKeeper>());
        services.AddHostedService(provider => new SnapshotRefresher(
            provider.GetRequiredService<ListenerSource>(), provider.GetRequiredService<SnapshotLoader>(), provider.GetRequiredService<SnapshotHolder>(),
            provider.GetRequiredService<SnapshotStatus>(), provider.GetRequiredService<SnapshotKeeper>(), file, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SnapshotRefresher>>()));
        services.AddHealthChecks().AddCheck<ConfigurationHealthCheck>("configuration");
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations)
                if (check.Name == "PostgreSql") check.FailureStatus = HealthStatus.Degraded;
        });
        return builder;
    }
}
