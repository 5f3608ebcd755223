using AspireGateway.ServiceDefaults.AspireClients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

// Aspire.Npgsql replaces this file.

/// <summary>Adds the Postgres data source, with the name, configuration keys and health check of Aspire's package.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string Section = "Aspire:Npgsql";

    /// <summary>Adds a singleton <see cref="NpgsqlDataSource"/> for <c>ConnectionStrings:{connectionName}</c>, and the health check <c>PostgreSql</c>.</summary>
    /// <exception cref="InvalidOperationException">The connection string is missing or unusable.</exception>
    public static void AddNpgsqlDataSource(this IHostApplicationBuilder builder, string connectionName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var connectionString = ConnectionSettings.Postgres(builder, connectionName, Section);
        builder.Services.AddSingleton(services =>
            new NpgsqlDataSourceBuilder(connectionString).UseLoggerFactory(services.GetService<ILoggerFactory>()).Build());
        if (ConnectionSettings.IsOn(builder.Configuration, connectionName, Section, "DisableHealthChecks")) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "PostgreSql", services => new NpgsqlHealthCheck(services.GetRequiredService<NpgsqlDataSource>()), HealthStatus.Unhealthy, null, NpgsqlHealthCheck.Timeout));
    }
}
