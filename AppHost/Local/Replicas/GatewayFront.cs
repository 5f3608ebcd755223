using AspireGateway.AppHost.Local.Output;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace AspireGateway.AppHost.Local.Replicas;

/// <summary>
/// The one address before several gateways (YARP). Replies are passed on as they arrive, a client that hangs up is seen by its replica, and a
/// replica that is not ready gets nothing new.
/// </summary>
internal sealed class GatewayFront : IAsyncDisposable
{
    private const string ClusterName = "gateways";
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(30);
    private readonly WebApplication _app;
    private readonly InMemoryConfigProvider _configuration;
    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, string> _replicas;

    private GatewayFront(WebApplication app, InMemoryConfigProvider configuration, IReadOnlyDictionary<string, string> replicas)
    {
        _app = app;
        _configuration = configuration;
        _replicas = replicas;
    }

    /// <summary>The address that it listens on.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Starts listening.</summary>
    /// <param name="url">The public address; port 0 lets the system choose.</param>
    /// <param name="replicas">Name and base URL of each gateway.</param>
    /// <param name="console">Where trouble is told.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<GatewayFront> StartAsync(
        string url, IReadOnlyDictionary<string, string> replicas, HostConsole console, CancellationToken cancellationToken)
    {
        // The host's own environment (launch profile, ASPNETCORE_URLS) must not configure this listener.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(Configure);
        builder.Logging.AddProvider(new FrontLogProvider(console)).SetMinimumLevel(LogLevel.Warning)
            // One warning with a stack for each client that hangs up.
            .AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);
        builder.Services.AddRouting();
        builder.Services.AddReverseProxy().LoadFromMemory(Routes(), Clusters(replicas));

        var app = builder.Build();
        app.UseRouting();
        app.MapReverseProxy();
        await app.StartAsync(cancellationToken);
        return new GatewayFront(app, app.Services.GetRequiredService<InMemoryConfigProvider>(), replicas);
    }

    /// <summary>Takes a replica that has ended out of use at once; the health check would need a moment.</summary>
    /// <returns>How many are left.</returns>
    public int Remove(string name)
    {
        lock (_gate)
        {
            _replicas = _replicas.Where(r => r.Key != name).ToDictionary(StringComparer.Ordinal);
            if (_replicas.Count > 0)
                _configuration.Update(Routes(), Clusters(_replicas));
            return _replicas.Count;
        }
    }

    /// <summary>Stops listening; requests under way have a moment to end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        // Limits are the gateway's business: it answers in the caller's dialect.
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
    }

    private static RouteConfig[] Routes() =>
    [
        new RouteConfig
        {
            RouteId = "all",
            ClusterId = ClusterName,
            Match = new RouteMatch { Path = "{**path}" },
            Transforms = [new Dictionary<string, string>(StringComparer.Ordinal) { ["RequestHeaderOriginalHost"] = "true" }],
        },
    ];

    private static ClusterConfig[] Clusters(IReadOnlyDictionary<string, string> replicas) =>
    [
        new ClusterConfig
        {
            ClusterId = ClusterName,
            LoadBalancingPolicy = "RoundRobin",
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = s_idle, AllowResponseBuffering = false },
            HealthCheck = new HealthCheckConfig
            {
                // When none is ready, a refusal written by a gateway says more than ours.
                AvailableDestinationsPolicy = "HealthyOrPanic",
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Interval = TimeSpan.FromSeconds(1),
                    Timeout = TimeSpan.FromSeconds(2),
                    Policy = "ConsecutiveFailures",
                    Path = "/health/ready",
                },
            },
            Destinations = replicas.ToDictionary(r => r.Key, r => new DestinationConfig { Address = r.Value }, StringComparer.Ordinal),
        },
    ];
}
