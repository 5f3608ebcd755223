using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.Security;

/// <summary>The token that opens the API.</summary>
public sealed class AdminTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The token; null = nobody comes in.</summary>
    public string? Token { get; set; }
}

/// <summary>Lets the holder of the admin token into <c>/api</c> as operator.</summary>
public sealed class AdminTokenHandler(IOptionsMonitor<AdminTokenOptions> options, ILoggerFactory logger, UrlEncoder encoder, SignInThrottle throttle)
    : AuthenticationHandler<AdminTokenOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Bearer";

    /// <summary>The name under which its changes stand in the audit.</summary>
    public const string ActorName = "admin-token";

    private const string Prefix = SchemeName + " ";

    /// <inheritdoc />
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0) return Task.FromResult(AuthenticateResult.NoResult());
        if (header is not [{ } value] || !value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || !Matches(value.AsSpan(Prefix.Length).Trim()))
        {
            throttle.Failed(BearerRefusal.Door, Context.Connection.RemoteIpAddress);
            return Task.FromResult(AuthenticateResult.Fail("The bearer token is not known."));
        }

        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, ActorName), new(ClaimTypes.Role, Roles.Operator)], SchemeName, ClaimTypes.Name, ClaimTypes.Role);
        return Task.FromResult(AuthenticateResult.Success(new(new(identity), SchemeName)));
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => BearerRefusal.WriteAsync(Context, throttle);

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblems.Forbidden.ExecuteAsync(Context);

    // Both sides are hashed so that the comparison takes the same time whatever the lengths.
    private bool Matches(ReadOnlySpan<char> given) =>
        Options.Token is { } token && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given.ToArray())), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
