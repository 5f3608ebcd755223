using System.Globalization;
using System.Security.Claims;
using AspireGateway.Portal.Organisations;
using AspireGateway.Portal.Security.Oidc;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Portal.Security;

/// <summary>The doors: sign-in by the identity provider or the one-time link, sign-out, the choice of an organisation, and the page for who has no role.</summary>
public static partial class SignInEndpoints
{
    /// <summary>Where one signs in; without a good token it says how to.</summary>
    public const string Path = "/signin";

    /// <summary>Leads to the identity provider.</summary>
    public const string ProviderPath = "/signin/provider";

    /// <summary>What somebody sees who is signed in and has no role.</summary>
    public const string NoRolePath = "/signin/no-role";

    /// <summary>Where one signs out; POST with the antiforgery token.</summary>
    public const string SignOutPath = "/signout";

    /// <summary>Where one chooses the organisation; POST with the antiforgery token and <c>organisation</c>, its id.</summary>
    public const string OrganisationPath = "/organisation";

    /// <summary>Query parameter that says where to go after sign-in.</summary>
    public const string ReturnParameter = "return";

    /// <summary>Query parameter with the word of a fault.</summary>
    public const string FaultParameter = "fault";

    /// <summary>The name of who came in by the local host's link.</summary>
    public const string LocalOperator = "local-operator";

    private const string LinkDoor = "link";

    /// <summary>Maps them.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, SignInAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(ProviderPath, ToProviderAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(NoRolePath, NoRole).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(SignOutPath, SignOutAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(OrganisationPath, ChooseOrganisationAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http, OneTimeLink link, SignInPerson signIn, SignInThrottle throttle, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        string? token = http.Request.Query["token"];
        // A browser that only looks ahead must not use the link up.
        if (http.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase))
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);

        var address = http.Connection.RemoteIpAddress;
        var logger = loggers.CreateLogger("AspireGateway.Portal.Security.SignIn");
        if (token is not null && throttle.Wait(LinkDoor, address) is { } wait) return TooMany(http, wait);
        if (token is not null && await link.TryUseAsync(token, cancellationToken))
        {
            var person = new VouchedPerson { Issuer = Identity.LocalIssuer, Subject = LocalOperator, Email = LocalOperator, DisplayName = "Local operator" };
            var session = await signIn.RunAsync(person, null, address?.ToString(), cancellationToken);
            await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, SessionCookie.Principal(session, LocalOperator), new() { IsPersistent = true });
            Log.SignedIn(logger, LocalOperator, address?.ToString() ?? "unknown");
            return Results.LocalRedirect(Target(http));
        }

        // The link stays in the browser's history: following it again within the session is no mistake.
        if (http.User.Identity?.IsAuthenticated == true) return Results.LocalRedirect(Target(http));
        string? fault = http.Request.Query[FaultParameter];
        if (token is not null)
        {
            throttle.Failed(LinkDoor, address);
            Log.Refused(logger, address?.ToString() ?? "unknown");
            fault = SignInHelp.LinkRefused;
        }
        return new RazorComponentResult<SignInHelp>(new { Fault = fault, Return = Target(http) })
        {
            StatusCode = string.IsNullOrEmpty(fault) ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized,
        };
    }

    private static async Task<IResult> ToProviderAsync(HttpContext http, SignInThrottle throttle, IServiceProvider services, ILoggerFactory loggers)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (services.GetService<OidcDiscovery>() is not { } discovery) return Results.LocalRedirect(Path);
        if (throttle.Wait(OidcRegistration.Door, http.Connection.RemoteIpAddress) is { } wait) return TooMany(http, wait);
        try
        {
            _ = await discovery.GetAsync(http.RequestAborted);
        }
        catch (OidcFault fault)
        {
            Log.Away(loggers.CreateLogger("AspireGateway.Portal.Security.SignIn"), fault);
            return Results.LocalRedirect($"{Path}?{FaultParameter}={fault.Word}");
        }
        return Results.Challenge(new() { RedirectUri = Target(http) }, [OidcHandler.SchemeName]);
    }

    private static IResult NoRole(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (http.User.Identity?.IsAuthenticated != true) return Results.LocalRedirect(Path);
        // Somebody gave the role meanwhile.
        if (http.User.HasClaim(c => c.Type == ClaimTypes.Role)) return Results.LocalRedirect("/");
        var away = http.User.HasClaim(c => c.Type == SessionCookie.UnknownClaim);
        return new RazorComponentResult<NoRolePage>(new { StoreAway = away }) { StatusCode = away ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status403Forbidden };
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery, Sessions sessions, PortalSettings settings, IServiceProvider services)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
        http.Response.Headers.CacheControl = "no-store";
        var idToken = Guid.TryParse(http.User.FindFirstValue(ActorSource.SessionClaim), out var session) ? await sessions.EndAsync(session, http.RequestAborted) : null;
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (idToken is null || services.GetService<OidcDiscovery>() is not { } discovery) return Results.LocalRedirect(Path);
        try
        {
            // OpenID Connect RP-Initiated Logout 1.0. A page in between, because the rule for forms would refuse to follow one to another site.
            if ((await discovery.GetAsync(http.RequestAborted)).EndSession is { } end)
                return new RazorComponentResult<SignedOutPage>(new
                {
                    Address = QueryHelpers.AddQueryString(end.ToString(), new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        ["id_token_hint"] = idToken,
                        ["client_id"] = services.GetRequiredService<OidcSettings>().ClientId,
                        ["post_logout_redirect_uri"] = new Uri(settings.PublicUrl!, Path).ToString(),
                    }),
                });
        }
        catch (OidcFault)
        {
            // Signed out here; the provider hears of it when it is back, or not at all.
        }
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> ChooseOrganisationAsync(HttpContext http, IAntiforgery antiforgery, Sessions sessions, OrganisationsQuery query, ActorSource actors)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.BadRequest();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var actor = await actors.GetAsync(http.User, null, null, http.RequestAborted);
        if (!Guid.TryParse(form["organisation"], out var organisation) || !Guid.TryParse(http.User.FindFirstValue(ActorSource.SessionClaim), out var session)) return Results.BadRequest();
        if (actor.Failure is not null || !await query.MayOpenAsync(actor.Value, organisation, http.RequestAborted)) return Results.Forbid();
        await sessions.ChooseAsync(session, organisation, http.RequestAborted);
        return Results.LocalRedirect("/");
    }

    private static RazorComponentResult<SignInHelp> TooMany(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return new(new { Fault = SignInHelp.TooMany }) { StatusCode = StatusCodes.Status429TooManyRequests };
    }

    // Only a path of this site: "//host" and "/\host" lead elsewhere.
    private static string Target(HttpContext http)
    {
        string? path = http.Request.Query[ReturnParameter];
        return path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? path : "/";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{User} signed in from {Address}")]
        public static partial void SignedIn(ILogger logger, string user, string address);

        [LoggerMessage(2, LogLevel.Warning, "A wrong or used sign-in link was shown from {Address}")]
        public static partial void Refused(ILogger logger, string address);

        [LoggerMessage(3, LogLevel.Error, "Nobody can sign in: the identity provider cannot be used")]
        public static partial void Away(ILogger logger, Exception fault);
    }
}
