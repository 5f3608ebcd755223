using System.Security.Claims;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.StaticAssets;

namespace AspireGateway.Portal.SignIns;

/// <summary>The cookie of a session: it names the session and the person; the roles are put in anew at each request.</summary>
public sealed class SessionCookie(ActorSource actors, PortalSettings settings) : CookieAuthenticationEvents
{
    /// <summary>Set in a principal whose session could not be looked up, so that a page can say so.</summary>
    public const string UnknownClaim = "agw:store-away";

    /// <summary>What the cookie holds.</summary>
    public static ClaimsPrincipal Principal(Guid session, string name) =>
        new(Identity([new(ClaimTypes.Name, name), new(ActorSource.SessionClaim, session.ToString())]));

    /// <summary>The same person with the roles of now; none = signed in and nothing more.</summary>
    public static ClaimsPrincipal WithRoles(ClaimsPrincipal principal, IEnumerable<string> roles) => new(Identity(
        [.. principal.Claims.Where(c => c.Type is ClaimTypes.Name or ActorSource.SessionClaim), .. roles.Select(r => new Claim(ClaimTypes.Role, r))]));

    /// <inheritdoc />
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        // Style sheets and scripts are everybody's.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null) return;
        try
        {
            var actor = await actors.GetAsync(context.Principal!, null, null, context.HttpContext.RequestAborted);
            if (actor.Failure is null) context.ReplacePrincipal(WithRoles(context.Principal!, actor.Value.Roles));
            else if (actor.Failure == ActorSource.NoRole) context.ReplacePrincipal(WithRoles(context.Principal!, []));
            else
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(context.Scheme.Name);
            }
        }
        catch (Exception fault) when (fault.IsStoreAway() && !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            context.ReplacePrincipal(new(Identity([.. context.Principal!.Claims.Where(c => c.Type is ClaimTypes.Name), new(UnknownClaim, "true")])));
        }
    }

    /// <inheritdoc />
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Without pages there is no sign-in to be led to.
        if (!settings.ApiOnly) return base.RedirectToLogin(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static ClaimsIdentity Identity(IEnumerable<Claim> claims) =>
        new(claims, CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
}
