using AspireGateway.ServiceDefaults.AspireClients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

// Aspire.StackExchange.Redis replaces this file; it demands a connection string, here none means that the service does without Redis.

/// <summary>Adds the Redis connection, with the name, configuration keys and health check of Aspire's package.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>
    /// Adds a singleton <see cref="IConnectionMultiplexer"/> for <c>ConnectionStrings:{connectionName}</c>, connected when it is first asked for, and
    /// the health check <c>StackExchange.Redis</c>. Without a connection string no multiplexer is registered and the check says so.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection string cannot be parsed.</exception>
    public static void AddRedisClient(this IHostApplicationBuilder builder, string connectionName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var connectionString = ConnectionSettings.Find(builder.Configuration, connectionName, Section);
        if (connectionString is not null)
        {
            // Without the parser's own text, which could quote the password.
            var options = Parse(connectionString) ?? throw new InvalidOperationException(
                $"ConnectionStrings__{connectionName} is not a Redis connection string: host:port[,password=...][,ssl=true]");
            builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(options));
        }
        if (ConnectionSettings.IsOn(builder.Configuration, connectionName, Section, "DisableHealthChecks")) return;
        builder.Services.AddSingleton<RedisHealthCheck>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "StackExchange.Redis", services => services.GetRequiredService<RedisHealthCheck>(), HealthStatus.Degraded, null, RedisHealthCheck.Timeout));
    }

    private static ConfigurationOptions? Parse(string connectionString)
    {
        try
        {
            var options = ConfigurationOptions.Parse(connectionString);
            // A Redis that is away at the start is connected to when it comes.
            if (!connectionString.Contains("abortConnect", StringComparison.OrdinalIgnoreCase)) options.AbortOnConnectFail = false;
            if (!connectionString.Contains("connectTimeout", StringComparison.OrdinalIgnoreCase)) options.ConnectTimeout = 1_000;
            options.ReconnectRetryPolicy ??= new LinearRetry(250);
            return options;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
