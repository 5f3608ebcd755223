using System.Globalization;
using AspireGateway.ServiceDefaults.AspireClients;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

// Aspire.Npgsql.EntityFrameworkCore.PostgreSQL replaces this file (with AddPooledDbContextFactory and EnrichNpgsqlDbContext for the factory).

/// <summary>Adds an EF context on Postgres, with the name, configuration keys and health check of Aspire's package.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>
    /// Adds a pooled <see cref="IDbContextFactory{TContext}"/> and a scoped <typeparamref name="TContext"/> for
    /// <c>ConnectionStrings:{connectionName}</c>, and a health check named after the context. Commands are retried after transient faults, so a
    /// transaction of one's own goes through <c>Database.CreateExecutionStrategy()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection string is missing or unusable.</exception>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder, string connectionName, Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var configuration = builder.Configuration;
        var connectionString = ConnectionSettings.Postgres(builder, connectionName, Section);
        var retries = !ConnectionSettings.IsOn(configuration, connectionName, Section, "DisableRetry");
        int? commandTimeout = int.TryParse(
            ConnectionSettings.Setting(configuration, connectionName, Section, "CommandTimeout"), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

        builder.Services.AddPooledDbContextFactory<TContext>(options =>
        {
            options.UseNpgsql(connectionString, postgres =>
            {
                if (retries) postgres.EnableRetryOnFailure();
                if (commandTimeout is not null) postgres.CommandTimeout(commandTimeout);
            });
            configureDbContextOptions?.Invoke(options);
        });
        if (ConnectionSettings.IsOn(configuration, connectionName, Section, "DisableHealthChecks")) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            typeof(TContext).Name, services => new DbContextHealthCheck<TContext>(services.GetRequiredService<IDbContextFactory<TContext>>()),
            HealthStatus.Unhealthy, null, NpgsqlHealthCheck.Timeout));
    }
}
