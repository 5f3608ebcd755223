using System.Security.Claims;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AspireGateway.Portal.Security;

/// <summary>Sign-in by the one-time link, and sign-out.</summary>
public static partial class SignInEndpoints
{
    /// <summary>Where one signs in; without a good token it says how to get one.</summary>
    public const string Path = "/signin";

    /// <summary>Where one signs out; POST with the antiforgery token.</summary>
    public const string SignOutPath = "/signout";

    /// <summary>Query parameter that says where to go after sign-in.</summary>
    public const string ReturnParameter = "return";

    /// <summary>The name of who came in by the local host's link.</summary>
    public const string LocalOperator = "local-operator";

    /// <summary>Maps both.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, SignInAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(SignOutPath, SignOutAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> SignInAsync(HttpContext http, OneTimeLink link, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        string? token = http.Request.Query["token"];
        // A browser that only looks ahead must not use the link up.
        if (http.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase))
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);

        var logger = loggers.CreateLogger("AspireGateway.Portal.Security.SignIn");
        if (token is not null && await link.TryUseAsync(token, cancellationToken))
        {
            var identity = new ClaimsIdentity(
                [new(ClaimTypes.Name, LocalOperator), new(ClaimTypes.Role, Roles.Operator)],
                CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
            await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity), new() { IsPersistent = true });
            Log.SignedIn(logger, LocalOperator, http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
            return Results.LocalRedirect(Target(http));
        }

        // The link stays in the browser's history: following it again within the session is no mistake.
        if (http.User.Identity?.IsAuthenticated == true) return Results.LocalRedirect(Target(http));
        if (token is not null) Log.Refused(logger, http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        return new RazorComponentResult<SignInHelp>(new { LinkRefused = token is not null })
        {
            StatusCode = token is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized,
        };
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect(Path);
    }

    // Only a path of this site: "//host" and "/\host" lead elsewhere.
    private static string Target(HttpContext http)
    {
        string? path = http.Request.Query[ReturnParameter];
        return path is ['/', not ('/' or '\\'), ..] ? path : "/";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{User} signed in from {Address}")]
        public static partial void SignedIn(ILogger logger, string user, string address);

        [LoggerMessage(2, LogLevel.Warning, "A wrong or used sign-in link was shown from {Address}")]
        public static partial void Refused(ILogger logger, string address);
    }
}
