using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AspireGateway.Gateway.State;
using AspireGateway.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Integration.Tests.State;

/// <summary>A gateway process's State folder, running as registered, without the web server.</summary>
internal sealed class StateHost : IAsyncDisposable, ILoggerProvider
{
    private readonly IHost host;
    private readonly ConcurrentQueue<string> lines = [];

    private StateHost(string connectionString, string? folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "gateway" });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:gatewaydb", connectionString), new("Gateway:DataPath", folder)]);
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("gatewaydb");
        builder.AddState();
        builder.Logging.ClearProviders().AddProvider(this);
        host = builder.Build();
    }

    public SnapshotHolder Holder => host.Services.GetRequiredService<SnapshotHolder>();

    public SnapshotStatus Status => host.Services.GetRequiredService<SnapshotStatus>();

    /// <summary>What was logged, a line each, level first.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public static async Task<StateHost> StartAsync(string connectionString, string? folder = null)
    {
        var state = new StateHost(connectionString, folder);
        await state.host.StartAsync();
        return state;
    }

    /// <summary>The key with this secret in the current snapshot.</summary>
    public VirtualKeySnapshot? Find(string secret) => Holder.Current?.Keys.Find(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public async Task<HealthStatus> ReadinessAsync() => (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    private sealed class LineLogger(StateHost owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
