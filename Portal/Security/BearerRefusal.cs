using System.Globalization;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.SignIns;

namespace AspireGateway.Portal.Security;

/// <summary>How the API refuses a bearer token. A good one is taken also while its address has to wait, so that somebody else's broken script behind the same proxy shuts nobody out.</summary>
internal static class BearerRefusal
{
    /// <summary>The door's name in the throttle.</summary>
    public const string Door = "api";

    /// <summary>401, or 429 after too many failures.</summary>
    public static Task WriteAsync(HttpContext http, SignInThrottle throttle)
    {
        if (http.Request.Headers.Authorization.Count > 0 && throttle.Wait(Door, http.Connection.RemoteIpAddress) is { } wait)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return ApiProblems.Problem(StatusCodes.Status429TooManyRequests, "Too many calls with wrong tokens came from your address. Wait and send a good one.").ExecuteAsync(http);
        }
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"gateway portal\"";
        return ApiProblems.Unauthorised.ExecuteAsync(http);
    }
}
