using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Diagnostics;

namespace AspireGateway.Portal.Components.Frame;

/// <summary>Shows pages where a browser would otherwise get an empty answer: for addresses that do not exist and for faults before a page is drawn.</summary>
public static class PageFaults
{
    /// <summary>Adds both, for browsers that ask for a page; the API has its own way of saying it.</summary>
    public static void UsePageFaults(this WebApplication app)
    {
        // Not inside a branch: only on the application itself does the second run choose its endpoint anew.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((http, next) =>
        {
            if (!AsksForPage(http) && http.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
            return next(http);
        });
        app.UseWhen(AsksForPage, pages => pages.UseExceptionHandler("/error", createScopeForErrors: true));
    }

    private static bool AsksForPage(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        && !http.Request.Path.StartsWithSegments(SignIn.ApiPath)
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
