using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace AspireGateway.Portal.Security;

/// <summary>Who may come in, and through which door: pages by a session cookie, <c>/api</c> by a bearer token, never the other way round.</summary>
public static class SignIn
{
    /// <summary>The scheme that chooses the door by the path.</summary>
    public const string DoorScheme = "door";

    /// <summary>How long a session lasts without use.</summary>
    public static readonly TimeSpan SessionLength = TimeSpan.FromHours(12);

    /// <summary>Where the REST API lives.</summary>
    public static readonly PathString ApiPath = "/api";

    /// <summary>Registers the doors, the rule that everything needs a signed-in caller, and sessions that replicas share.</summary>
    public static void AddSignIn(this WebApplicationBuilder builder, PortalSettings settings)
    {
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton<OneTimeLink>();
        services.AddSingleton<ActorSource>();
        services.AddScoped<CurrentActor>();
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddSessionKeys();

        services.AddAuthentication(DoorScheme)
            // A cookie is sent by the browser whoever made it send the request; so no cookie opens the API.
            .AddPolicyScheme(DoorScheme, null, o => o.ForwardDefaultSelector = http =>
                http.Request.Path.StartsWithSegments(ApiPath) ? AdminTokenHandler.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AdminTokenOptions, AdminTokenHandler>(AdminTokenHandler.SchemeName, o => o.Token = settings.AdminToken)
            .AddCookie(o =>
            {
                o.Cookie.Name = "agw_session";
                o.Cookie.HttpOnly = true;
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                o.ExpireTimeSpan = SessionLength;
                o.SlidingExpiration = true;
                o.LoginPath = SignInEndpoints.Path;
                o.AccessDeniedPath = SignInEndpoints.Path;
                o.ReturnUrlParameter = SignInEndpoints.ReturnParameter;
                // Without pages there is no sign-in to be led to.
                if (settings.ApiOnly) o.Events.OnRedirectToLogin = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                };
            });
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "agw_antiforgery";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
