using System.Diagnostics;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Net;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>
/// A connection pool per provider. It hangs on the provider's snapshot: a provider that was changed gets a new pool, and the old one goes with the last
/// request that uses it.
/// </summary>
internal sealed class ProviderClients
{
    private readonly ConditionalWeakTable<ProviderSnapshot, ProviderClient> clients = [];

    /// <summary>The client of a provider.</summary>
    public ProviderClient Of(ProviderSnapshot provider) => clients.GetValue(provider, static p => new ProviderClient(p));
}

/// <summary>The connections to one provider.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposing would cut requests that still run on a pool that was replaced; the pool goes with its last request, its idle sockets by their own time-out.")]
internal sealed class ProviderClient
{
    private readonly HttpMessageInvoker invoker;
    private readonly Uri baseUrl;
    private readonly ConcurrentDictionary<string, Uri> addresses = new();

    /// <summary>Opens nothing yet.</summary>
    public ProviderClient(ProviderSnapshot provider)
    {
        baseUrl = provider.BaseUrl;
        var isPrivate = provider.IsPrivate;
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectTimeout = provider.ConnectTimeout,
            ConnectCallback = (context, cancellationToken) => context.InitialRequestMessage.Options.TryGetValue(ConnectTimeout, out var limit)
                ? ConnectAsync(context, limit, isPrivate, cancellationToken)
                : AddressGuard.ConnectAsync(context.DnsEndPoint, isPrivate, cancellationToken),
            // A redirect would take the credential to a host that nobody configured.
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            // DNS changes and draining load balancers: no connection is for ever.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            // Trace context stays in the house: models on its own network get it, where traces are collected; a vendor has no business with it.
            ActivityHeadersPropagator = isPrivate && Traces ? DistributedContextPropagator.CreateDefaultPropagator() : null,
            // An abandoned stream is cut, not read to its end: the provider shall stop generating.
            MaxResponseDrainSize = 0,
        });
    }

    // Set before the first request comes.
    private static bool Traces { get; } = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));

    /// <summary>Time to open a connection for this request, where it is less than the provider's.</summary>
    public static HttpRequestOptionsKey<TimeSpan> ConnectTimeout { get; } = new("connect-timeout");

    /// <summary>Sends through the same guarded connections, for the pass-through.</summary>
    public HttpMessageInvoker Invoker => invoker;

    /// <summary>The address of an operation: the base URL and the path.</summary>
    public Uri AddressOf(string path) =>
        addresses.TryGetValue(path, out var address) ? address : addresses.GetOrAdd(path, new Uri(baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/') + path));

    /// <summary>Sends a request; the reply's body is not read yet.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => invoker.SendAsync(request, cancellationToken);

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, TimeSpan limit, bool isPrivate, CancellationToken cancellationToken)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timed.CancelAfter(limit);
        try
        {
            return await AddressGuard.ConnectAsync(context.DnsEndPoint, isPrivate, timed.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"No connection within {limit.TotalMilliseconds:0} ms.");
        }
    }
}
