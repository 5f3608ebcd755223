using AspireGateway.Shared.Net;
using Google.Apis.Http;
using Google.Apis.Util;

namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>Connections to Google's token server, under the same guard of addresses as those to providers.</summary>
internal sealed class GoogleHttpClients(bool isPrivateProvider) : Google.Apis.Http.IHttpClientFactory
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            ConnectCallback = (context, cancellationToken) => AddressGuard.ConnectAsync(context.DnsEndPoint, isPrivateProvider, cancellationToken),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ActivityHeadersPropagator = null,
        };
        var client = new ConfigurableHttpClient(new ConfigurableMessageHandler(handler) { ApplicationName = "AspireGateway" }) { Timeout = Timeout };
        foreach (var initializer in args.Initializers) initializer.Initialize(client);
        return client;
    }
}

/// <summary>The gateway's clock for Google's library.</summary>
internal sealed class GoogleClock(TimeProvider time) : IClock
{
    /// <inheritdoc />
    public DateTime Now => time.GetLocalNow().DateTime;

    /// <inheritdoc />
    public DateTime UtcNow => time.GetUtcNow().UtcDateTime;
}
