using AspireGateway.Shared.Net;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.Webhooks;

/// <summary>The one HTTP client of webhooks. Tenants name where it goes, so it trusts nothing about the other side.</summary>
internal sealed class WebhookClient(IOptions<WebhookOptions> options) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler
    {
        // Judged on the very address that is connected to: a name that changes after it was written down gains nothing.
        ConnectCallback = (context, cancellationToken) => AddressGuard.ConnectAsync(context.DnsEndPoint, options.Value.AllowPrivate, cancellationToken),
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        // A redirect would be a way around the guard, a proxy of the environment as well.
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        // The status is all that is read of an answer.
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 16,
        MaxConnectionsPerServer = 8,
    });

    /// <summary>Sends and gives back the answer as soon as its head is there; its body stays unread.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => invoker.SendAsync(request, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => invoker.Dispose();
}
