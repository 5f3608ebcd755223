using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using AspireGateway.Shared.Net;

namespace AspireGateway.Gateway.Providers.Authorizing;

/// <summary>An application of Microsoft Entra ID that proves itself with a secret ("OAuth 2.0 client credentials flow").</summary>
internal sealed class EntraClientSecret : IEntraTokenSource
{
    // One for all: a token endpoint named by a tenant must be as public as a provider's address, judged on the address that is connected to.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        ConnectCallback = (context, cancellationToken) => AddressGuard.ConnectAsync(context.DnsEndPoint, allowPrivate: false, cancellationToken),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    });

    private readonly ClientSecretCredential credential;

    /// <summary>Calls nobody yet.</summary>
    /// <param name="tenantId">The directory.</param>
    /// <param name="clientId">The application.</param>
    /// <param name="clientSecret">Its secret.</param>
    /// <param name="authorityHost">Where tokens are given, e.g. <c>https://login.microsoftonline.us</c>; null = the public cloud.</param>
    /// <param name="transport">For tests; null = a guarded one.</param>
    /// <exception cref="ArgumentException">The directory's name is none.</exception>
    public EntraClientSecret(string tenantId, string clientId, string clientSecret, Uri? authorityHost, HttpPipelineTransport? transport = null)
    {
        var options = new ClientSecretCredentialOptions
        {
            AuthorityHost = authorityHost ?? AzureAuthorityHosts.AzurePublicCloud,
            // Another authority than the public one is taken at the word of who entered it.
            DisableInstanceDiscovery = authorityHost is not null,
            Transport = transport ?? new HttpClientTransport(Client),
        };
        options.Retry.MaxRetries = 1;
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        credential = new ClientSecretCredential(tenantId, clientId, clientSecret, options);
    }

    /// <inheritdoc />
    public async Task<EntraToken> FetchAsync(CancellationToken cancellationToken)
    {
        var token = await credential.GetTokenAsync(new TokenRequestContext(EntraTokenAuthorization.Scopes), cancellationToken);
        return new EntraToken(token.Token, token.ExpiresOn, token.RefreshOn);
    }
}
