using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.ServiceDefaults.Health;

/// <summary>The two health endpoints. 200 while the service does its work (also degraded), 503 when it cannot.</summary>
internal static class HealthEndpoints
{
    /// <summary>Tag of the checks behind <c>/health/live</c>.</summary>
    public const string LiveTag = "live";

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var reporter = routes.ServiceProvider.GetRequiredService<HealthReporter>();
        routes.MapGet("/health/live", async (HttpContext http) =>
            await WriteAsync(http, await reporter.ReportAsync(LiveTag, http.RequestAborted))).ExcludeFromDescription().AllowAnonymous();
        routes.MapGet("/health/ready", async (HttpContext http) =>
            await WriteAsync(http, await reporter.ReportAsync(http.RequestAborted))).ExcludeFromDescription().AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        var response = http.Response;
        response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        var body = HealthJson.Write(report);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
