using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Components;

/// <summary>Shows a page of the portal where a page failed or does not exist.</summary>
public static class PageFaults
{
    /// <summary>Leads failed pages to <c>/error</c> and unknown addresses to <c>/not-found</c>, the status unchanged; outside of <c>/api</c>.</summary>
    public static void UsePageFaults(this IApplicationBuilder app)
    {
        app.UseWhen(IsNotApi, pages => pages.UseExceptionHandler("/error", createScopeForErrors: true));
        // Only what a browser shows: an answer to a script or a form is read by its status.
        app.UseWhen(
            http => IsNotApi(http) && HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
    }

    private static bool IsNotApi(HttpContext http) => !http.Request.Path.StartsWithSegments(SignIn.ApiPath);
}
