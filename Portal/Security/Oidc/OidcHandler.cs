using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Portal.SignIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.Security.Oidc;

/// <summary>Options of the scheme.</summary>
public sealed class OidcOptions : OAuthOptions;

/// <summary>
/// Sign-in with OpenID Connect: the framework's own OAuth handler (state, correlation, PKCE, exchange) plus discovery, nonce, ID token and userinfo. Stands in for
/// Microsoft.AspNetCore.Authentication.OpenIdConnect, which replaces this folder but the mapping of claims.
/// </summary>
/// <remarks>
/// The nonce lies in the state, which is sealed and tied to this browser by the correlation cookie; so the ID token has to belong to the sign-in that this browser began.
/// </remarks>
public sealed partial class OidcHandler(
    IOptionsMonitor<OidcOptions> options, ILoggerFactory loggers, UrlEncoder encoder, OidcSettings settings, OidcDiscovery discovery, SignInPerson signIn)
    : OAuthHandler<OidcOptions>(options, loggers, encoder)
{
    /// <summary>The scheme.</summary>
    public const string SchemeName = "oidc";

    /// <summary>Where the provider sends people back to.</summary>
    public const string CallbackPath = "/signin/callback";

    private const string NonceItem = ".nonce";

    /// <inheritdoc />
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Read before the address is built, which cannot wait.
        metadata = await discovery.GetAsync(Context.RequestAborted);
        await base.HandleChallengeAsync(properties);
    }

    private OidcMetadata? metadata;

    /// <inheritdoc />
    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        ArgumentNullException.ThrowIfNull(properties);
        var nonce = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        properties.Items[NonceItem] = nonce;
        // The base puts state and PKCE behind an address that stands for the real one.
        var query = QueryHelpers.ParseQuery(new Uri(base.BuildChallengeUrl(properties, redirectUri)).Query);
        return QueryHelpers.AddQueryString(metadata!.Authorization.ToString(), query.ToDictionary(q => q.Key, q => (string?)q.Value.ToString()).Append(new("nonce", nonce)));
    }

    /// <inheritdoc />
    protected override async Task<HandleRequestResult> HandleRemoteAuthenticateAsync()
    {
        try
        {
            metadata = await discovery.GetAsync(Context.RequestAborted);
            // Which provider answered? (RFC 9207)
            string? issuer = Request.Query["iss"];
            if ((issuer is not null || metadata.NamesIssuer) && !string.Equals(issuer, metadata.IssuerText, StringComparison.Ordinal))
                return HandleRequestResult.Fail(new OidcFault(OidcFault.Refused, "The way back names another issuer."));
            return await base.HandleRemoteAuthenticateAsync();
        }
        catch (OidcFault fault)
        {
            return HandleRequestResult.Fail(fault);
        }
    }

    /// <inheritdoc />
    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code", ["code"] = context.Code, ["redirect_uri"] = context.RedirectUri,
        };
        if (context.Properties.Items.Remove(OAuthConstants.CodeVerifierKey, out var verifier)) form[OAuthConstants.CodeVerifierKey] = verifier!;
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata!.Token);
        if (metadata.SecretInBody) (form["client_id"], form["client_secret"]) = (settings.ClientId, settings.ClientSecret);
        else request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{FormEncoded(settings.ClientId)}:{FormEncoded(settings.ClientSecret)}")));
        request.Content = new FormUrlEncodedContent(form);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var answer = await Backchannel.SendAsync(request, Context.RequestAborted);
            // What it says stays out of log and page: it may quote the code.
            if (!answer.IsSuccessStatusCode)
                return OAuthTokenResponse.Failed(new OidcFault(
                    (int)answer.StatusCode >= 500 ? OidcFault.Away : OidcFault.Refused, $"The token endpoint answered {(int)answer.StatusCode}."));
            return OAuthTokenResponse.Success(JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Context.RequestAborted)));
        }
        catch (Exception e) when (IsAway(e))
        {
            return OAuthTokenResponse.Failed(new OidcFault(OidcFault.Away, "The token endpoint did not answer.", e));
        }
    }

    /// <inheritdoc />
    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        ArgumentNullException.ThrowIfNull(properties);
        ArgumentNullException.ThrowIfNull(tokens);
        properties.Items.Remove(NonceItem, out var nonce);
        var idToken = tokens.Response is { } response ? IdToken.Text(response.RootElement, "id_token") : null;
        var claims = IdToken.Read(idToken, metadata!.IssuerText, settings.ClientId, nonce, TimeProvider.GetUtcNow());
        JsonElement? more = settings.UserInfo && metadata.UserInfo is { } address && tokens.AccessToken is { } token ? await UserInfoAsync(address, token, IdToken.Text(claims, "sub")!) : null;
        var person = OidcClaims.Person(metadata.IssuerText, claims, more, settings);
        var session = await signIn.RunAsync(person, idToken, Context.Connection.RemoteIpAddress?.ToString(), Context.RequestAborted);
        Log.SignedIn(Logger, person.Email, Context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        return new(SessionCookie.Principal(session, person.Email), properties, SchemeName);
    }

    private async Task<JsonElement> UserInfoAsync(Uri address, string token, string subject)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await Backchannel.SendAsync(request, Context.RequestAborted);
            // Without it groups may be missing, which would take roles away: so nobody is signed in by half.
            if (!answer.IsSuccessStatusCode) throw new OidcFault(OidcFault.Away, $"The userinfo endpoint answered {(int)answer.StatusCode}.");
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Context.RequestAborted));
            // Core 5.3.2: else it could be somebody else's.
            if (!string.Equals(IdToken.Text(document.RootElement, "sub"), subject, StringComparison.Ordinal)) throw new OidcFault(OidcFault.Refused, "The userinfo endpoint speaks of somebody else.");
            return document.RootElement.Clone();
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new OidcFault(OidcFault.Away, "The userinfo endpoint did not answer.", e);
        }
    }

    private bool IsAway(Exception e) => e is HttpRequestException or JsonException or IOException || (e is OperationCanceledException && !Context.RequestAborted.IsCancellationRequested);

    // RFC 6749, 2.3.1: both halves are form-encoded before they are joined.
    private static string FormEncoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{User} signed in by the identity provider from {Address}")]
        public static partial void SignedIn(ILogger logger, string user, string address);
    }
}
