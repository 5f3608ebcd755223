using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.SignIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace AspireGateway.Portal.Security.Oidc;

/// <summary>Registration of the scheme.</summary>
public static partial class OidcRegistration
{
    /// <summary>The door's name in the throttle.</summary>
    public const string Door = "oidc";

    /// <summary>Adds sign-in by the provider of the settings.</summary>
    public static void AddOidc(this AuthenticationBuilder authentication, OidcSettings settings, bool secure)
    {
        var services = authentication.Services;
        services.AddSingleton(settings);
        services.AddSingleton(new OidcBackchannel());
        services.AddSingleton<OidcDiscovery>();
        services.AddOptions<OidcOptions>(OidcHandler.SchemeName).Configure<OidcBackchannel>((o, channel) => o.BackchannelHttpHandler = channel.Handler);
        authentication.AddOAuth<OidcOptions, OidcHandler>(OidcHandler.SchemeName, o =>
        {
            o.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            (o.ClientId, o.ClientSecret) = (settings.ClientId, settings.ClientSecret);
            // Stand for the addresses that discovery names.
            o.AuthorizationEndpoint = o.TokenEndpoint = settings.Authority;
            o.CallbackPath = OidcHandler.CallbackPath;
            o.UsePkce = true;
            o.SaveTokens = false;
            o.BackchannelTimeout = OidcBackchannel.Patience;
            o.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(15);
            o.Scope.Clear();
            foreach (var scope in settings.Scopes) o.Scope.Add(scope);
            // The way back is a plain link, so that Lax cookies come along.
            o.CorrelationCookie.Name = secure ? "__Secure-agw_oidc." : "agw_oidc.";
            o.CorrelationCookie.SameSite = SameSiteMode.Lax;
            o.CorrelationCookie.HttpOnly = true;
            o.CorrelationCookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            o.Events.OnRemoteFailure = FailedAsync;
            o.Events.OnAccessDenied = context => LeadToDoor(context, context.HttpContext, OidcFault.Denied);
        });
    }

    private static Task FailedAsync(RemoteFailureContext context)
    {
        var word = context.Failure switch
        {
            OidcFault fault => fault.Word,
            { InnerException: OidcFault inner } => inner.Word,
            { } other when other.IsStoreAway() => "store",
            // The framework's own: state, correlation, an error of the provider's.
            _ => context.HttpContext.Request.Query.ContainsKey("error") ? OidcFault.Denied : OidcFault.Expired,
        };
        var http = context.HttpContext;
        http.RequestServices.GetRequiredService<SignInThrottle>().Failed(Door, http.Connection.RemoteIpAddress);
        var logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AspireGateway.Portal.Security.Oidc");
        Log.Failed(logger, word, (context.Failure as OidcFault)?.Message ?? "it did not belong to a sign-in that this browser began, or the provider said no.", http.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        return LeadToDoor(context, http, word);
    }

    private static Task LeadToDoor<T>(HandleRequestContext<T> context, HttpContext http, string word) where T : AuthenticationSchemeOptions
    {
        http.Response.Redirect($"{SignInEndpoints.Path}?{SignInEndpoints.FaultParameter}={word}");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A sign-in by the identity provider failed ({Word}): {Why} From {Address}")]
        public static partial void Failed(ILogger logger, string word, string why, string address);
    }
}
