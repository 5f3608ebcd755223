using System.Net;
using System.Text.Json;

namespace AspireGateway.Portal.Security.Oidc;

/// <summary>How the provider is reached. Redirects are not followed: the provider's own document says where things are.</summary>
public sealed class OidcBackchannel
{
    /// <summary>What sends.</summary>
    public HttpMessageHandler Handler { get; init; } = new SocketsHttpHandler
    {
        AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), AutomaticDecompression = DecompressionMethods.All, UseCookies = false,
    };

    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Longest answer, in bytes.</summary>
    public const int MaxAnswer = 1_000_000;
}

/// <summary>The provider's metadata as far as the portal needs it.</summary>
/// <param name="Issuer">Its issuer, as ID tokens name it.</param>
/// <param name="Authorization">Where people are sent.</param>
/// <param name="Token">Where codes are exchanged.</param>
/// <param name="UserInfo">Where more claims are; null = nowhere.</param>
/// <param name="EndSession">Where people are sent when they sign out; null = it has no such place.</param>
/// <param name="SecretInBody">Whether the secret goes into the body, where the provider does not take it in the header.</param>
/// <param name="NamesIssuer">Whether the way back names the issuer (RFC 9207), and so must.</param>
public sealed record OidcMetadata(Uri Issuer, Uri Authorization, Uri Token, Uri? UserInfo, Uri? EndSession, bool SecretInBody, bool NamesIssuer)
{
    /// <summary>The issuer exactly as written.</summary>
    public required string IssuerText { get; init; }
}

/// <summary>Reads the provider's discovery document (OpenID Connect Discovery 1.0) when it is needed first, and again every hour; an old one serves while the provider is away.</summary>
public sealed class OidcDiscovery(OidcSettings settings, OidcBackchannel backchannel, TimeProvider clock, IHostEnvironment environment) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(1);

    private readonly HttpClient http = new(backchannel.Handler, disposeHandler: false) { Timeout = OidcBackchannel.Patience, MaxResponseContentBufferSize = OidcBackchannel.MaxAnswer };
    private (OidcMetadata Document, DateTimeOffset At)? last;

    /// <summary>The metadata.</summary>
    /// <exception cref="OidcFault">It cannot be read and never could be.</exception>
    public async Task<OidcMetadata> GetAsync(CancellationToken cancellationToken)
    {
        if (last is { } known && clock.GetUtcNow() - known.At < s_fresh) return known.Document;
        try
        {
            var document = await ReadAsync(cancellationToken);
            last = (document, clock.GetUtcNow());
            return document;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException or UriFormatException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return last?.Document ?? throw new OidcFault(OidcFault.Away, "The identity provider's discovery document cannot be read.", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private async Task<OidcMetadata> ReadAsync(CancellationToken cancellationToken)
    {
        var address = new Uri(settings.Authority.TrimEnd('/') + "/.well-known/openid-configuration");
        using var answer = await http.GetAsync(address, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        var root = json.RootElement;
        var issuer = root.GetProperty("issuer").GetString() ?? "";
        // Else somebody else's document could speak for it (Discovery 4.3).
        if (!settings.IsIssuer(issuer)) throw new OidcFault(OidcFault.Away, "The discovery document names another issuer than Portal__Oidc__Authority.");
        var methods = root.TryGetProperty("token_endpoint_auth_methods_supported", out var listed) ? listed.EnumerateArray().Select(m => m.GetString()).ToList() : ["client_secret_basic"];
        return new(
            new Uri(issuer), Endpoint("authorization_endpoint")!, Endpoint("token_endpoint")!, Endpoint("userinfo_endpoint", optional: true), Endpoint("end_session_endpoint", optional: true),
            SecretInBody: !methods.Contains("client_secret_basic") && methods.Contains("client_secret_post"),
            NamesIssuer: root.TryGetProperty("authorization_response_iss_parameter_supported", out var named) && named.ValueKind == JsonValueKind.True)
        {
            IssuerText = issuer,
        };

        Uri? Endpoint(string name, bool optional = false)
        {
            if (!root.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
                return optional ? null : throw new OidcFault(OidcFault.Away, $"The discovery document has no {name}.");
            var endpoint = new Uri(value.GetString()!, UriKind.Absolute);
            return OidcSettings.IsSafe(endpoint, environment.IsProduction()) ? endpoint : throw new OidcFault(OidcFault.Away, $"The discovery document's {name} is not https.");
        }
    }
}
