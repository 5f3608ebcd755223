using AspireGateway.ServiceDefaults.Health;
using AspireGateway.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.ServiceDefaults;

/// <summary>What every service of the system has: readable logs, telemetry when a collector is there, and health endpoints.</summary>
public static class ServiceDefaultsExtensions
{
    private static readonly KeyValuePair<string, string?>[] QuietCategories =
    [
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Warning"),
        new("Logging:LogLevel:System.Net.Http", "Warning"),
        new("Logging:LogLevel:Npgsql", "Warning"),
    ];

    /// <summary>
    /// Adds the clock, single-line console logs, health checks, and OTLP export of traces, metrics and logs when
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    /// <remarks>
    /// No resilience handler is put on HTTP clients: its attempt timeout would cut streams and its retries would bill a prompt twice.
    /// </remarks>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        // Below every other source, so that any setting wins: a line per request or per SQL command drowns what matters.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietCategories });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff'Z' ";
        });
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [HealthEndpoints.LiveTag]);
        builder.Services.TryAddSingleton<HealthReporter>();
        builder.AddOtlpTelemetry();
        return builder;
    }

    /// <summary>Maps <c>/health/live</c> (the process answers) and <c>/health/ready</c> (each check with its state).</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        HealthEndpoints.Map(app);
        return app;
    }
}
