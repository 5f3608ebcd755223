using AspireGateway.Portal.AccessTokens;
using AspireGateway.Portal.Security.Oidc;
using AspireGateway.Portal.SignIns;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;

namespace AspireGateway.Portal.Security;

/// <summary>Who may come in, and through which door: pages by a session cookie, <c>/api</c> by a bearer token, never the other way round.</summary>
public static class SignIn
{
    /// <summary>The scheme that chooses the door by the path.</summary>
    public const string DoorScheme = "door";

    /// <summary>Where the REST API lives.</summary>
    public static readonly PathString ApiPath = "/api";

    /// <summary>Registers the doors, the rule that everything needs a signed-in caller with a role, and sessions that replicas share.</summary>
    public static void AddSignIn(this WebApplicationBuilder builder, PortalSettings settings)
    {
        var services = builder.Services;
        var oidc = OidcSettings.Read(builder.Configuration);
        services.AddSingleton(settings);
        services.AddSingleton(SessionSettings.Read(builder.Configuration));
        services.AddSingleton(new Operators(settings, oidc));
        services.AddSingleton<OneTimeLink>();
        services.AddSingleton<ActorSource>();
        services.AddScoped<CurrentActor>();
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddSessionKeys();

        var authentication = services.AddAuthentication(DoorScheme)
            // A cookie is sent by the browser whoever made it send the request; so no cookie opens the API.
            .AddPolicyScheme(DoorScheme, null, o => o.ForwardDefaultSelector = http =>
                !http.Request.Path.StartsWithSegments(ApiPath) ? CookieAuthenticationDefaults.AuthenticationScheme
                : AccessTokenHandler.Shows(http.Request) ? AccessTokenHandler.SchemeName : AdminTokenHandler.SchemeName)
            .AddScheme<AdminTokenOptions, AdminTokenHandler>(AdminTokenHandler.SchemeName, o => o.Token = settings.AdminToken)
            .AddScheme<AccessTokenOptions, AccessTokenHandler>(AccessTokenHandler.SchemeName, null)
            .AddCookie(o =>
            {
                // Browsers take a cookie of the prefix over TLS only, and from no other host.
                o.Cookie.Name = settings.IsSecure ? "__Host-agw_session" : "agw_session";
                o.Cookie.Path = "/";
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = settings.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
                // The session's row says when it ends; the cookie outlives none.
                o.ExpireTimeSpan = TimeSpan.FromDays(30);
                o.SlidingExpiration = false;
                o.EventsType = typeof(SessionCookie);
                o.LoginPath = SignInEndpoints.Path;
                o.AccessDeniedPath = SignInEndpoints.NoRolePath;
                o.ReturnUrlParameter = SignInEndpoints.ReturnParameter;
            });
        if (oidc is not null) authentication.AddOidc(oidc, settings.IsSecure);
        services.AddScoped(provider => new SessionCookie(provider.GetRequiredService<ActorSource>(), settings));
        services.AddScoped<AuthenticationStateProvider, SessionStateProvider>();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = settings.IsSecure ? "__Host-agw_antiforgery" : "agw_antiforgery";
            o.Cookie.Path = "/";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = settings.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        });
        var somebody = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(Roles.All).Build();
        services.AddAuthorizationBuilder().SetDefaultPolicy(somebody).SetFallbackPolicy(somebody);
    }
}
