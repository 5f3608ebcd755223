using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AspireGateway.Portal.Components;

/// <summary>
/// Serves Blazor's browser script from this assembly. Exists only where the package Microsoft.AspNetCore.App.Internal.Assets cannot be
/// restored; with it, the script is an ordinary static asset and this file and BlazorScript.targets go.
/// </summary>
public static class BlazorScript
{
    /// <summary>Maps <c>/_framework/blazor.web.js</c>, revalidated by its hash.</summary>
    public static void MapBlazorScript(this IEndpointRouteBuilder routes)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("blazor.web.js")
            ?? throw new InvalidOperationException("blazor.web.js is not embedded: see BlazorScript.targets.");
        var script = new byte[stream.Length];
        stream.ReadExactly(script);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(script))[..32]}\"");
        routes.MapGet("/_framework/blazor.web.js", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Results.File(script, "text/javascript", entityTag: tag);
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
