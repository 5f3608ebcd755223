using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>Options of the scheme.</summary>
public sealed class AccessTokenOptions : AuthenticationSchemeOptions;

/// <summary>Lets holders of personal access tokens into <c>/api</c>. What they may do there is asked of the owner's rights at each call.</summary>
public sealed class AccessTokenHandler(
    IOptionsMonitor<AccessTokenOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AccessTokenLookup tokens, SignInThrottle throttle)
    : AuthenticationHandler<AccessTokenOptions>(options, loggers, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "AccessToken";

    private const string Prefix = "Bearer ";

    /// <summary>Whether a request shows a token of this kind, be it good or bad.</summary>
    public static bool Shows(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && value.AsSpan(Prefix.Length).TrimStart().StartsWith(AccessToken.Marker, StringComparison.Ordinal);

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Shows(Request)) return AuthenticateResult.NoResult();
        var secret = Request.Headers.Authorization.ToString()[Prefix.Length..].Trim();
        if (await tokens.UseAsync(secret, Context.RequestAborted) is not { } found)
        {
            throttle.Failed(BearerRefusal.Door, Context.Connection.RemoteIpAddress);
            return AuthenticateResult.Fail("The access token is not known, or works no more.");
        }
        return AuthenticateResult.Success(new(
            new(new ClaimsIdentity([new(ClaimTypes.Name, found.Owner), new(ActorSource.TokenClaim, found.Id.ToString("D", CultureInfo.InvariantCulture))], SchemeName, ClaimTypes.Name, ClaimTypes.Role)), SchemeName));
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => BearerRefusal.WriteAsync(Context, throttle);

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblems.Forbidden.ExecuteAsync(Context);
}
