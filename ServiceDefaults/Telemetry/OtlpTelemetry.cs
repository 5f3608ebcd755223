using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace AspireGateway.ServiceDefaults.Telemetry;

// OpenTelemetry.Extensions.Hosting replaces this folder: builder.Services.AddOpenTelemetry().WithTracing(...).WithMetrics(...).UseOtlpExporter().

/// <summary>Export of telemetry over OTLP.</summary>
public static class OtlpTelemetry
{
    /// <summary>Name of the system's own meter and activity source.</summary>
    public const string SourceName = "AspireGateway";

    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT", SamplerVariable = "OTEL_TRACES_SAMPLER";

    // About 25 spans each: the exporter's queue of 2,048 holds them, and they cost about a hundredth of a core.
    private const int TracesPerSecond = 100;

    internal static void AddOtlpTelemetry(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[EndpointVariable])) return;
        var resource = ResourceOf(builder);
        // Who names a sampler of OpenTelemetry's gets that one.
        var isOurs = string.IsNullOrWhiteSpace(builder.Configuration[SamplerVariable]);
        var perSecond = builder.Configuration.GetValue("Telemetry:TracesPerSecond", TracesPerSecond);
        if (perSecond < 0) throw new InvalidOperationException("Telemetry:TracesPerSecond is a number of traces, 0 or more.");
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => new OtlpHost(resource, isOurs ? new TraceSampler(perSecond, services.GetRequiredService<TimeProvider>()) : null)));
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.SetResourceBuilder(resource);
            logs.AddOtlpExporter();
        });
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over the application's name: the default builder reads them last.
    private static ResourceBuilder ResourceOf(IHostApplicationBuilder builder) =>
        ResourceBuilder.CreateEmpty()
            .AddService(builder.Environment.ApplicationName)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
}
