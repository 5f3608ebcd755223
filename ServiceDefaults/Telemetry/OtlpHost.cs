using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AspireGateway.ServiceDefaults.Telemetry;

/// <summary>Runs the exporters of traces and metrics from the start of the host to its end. The sources are .NET's built-in ones and our own.</summary>
internal sealed class OtlpHost(ResourceBuilder resource, Sampler? sampler) : IHostedService, IDisposable
{
    private const int FlushMilliseconds = 2_000;

    private TracerProvider? tracing;
    private MeterProvider? metrics;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", OtlpTelemetry.SourceName)
            .AddOtlpExporter();
        if (sampler is not null) traces.SetSampler(sampler);
        tracing = traces.Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter("Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime", "Npgsql", OtlpTelemetry.SourceName)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, within two seconds: a dead collector must not hold up the end of the process.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Task.Run(() => tracing?.Shutdown(FlushMilliseconds), cancellationToken),
            Task.Run(() => metrics?.Shutdown(FlushMilliseconds), cancellationToken));

    /// <inheritdoc />
    public void Dispose()
    {
        tracing?.Dispose();
        metrics?.Dispose();
    }
}
