using AspireGateway.Portal.Api;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Audit;

/// <summary>The export as the page's links fetch it: by the session's cookie, which opens no API. It only reads.</summary>
public static class AuditDownload
{
    /// <summary>Maps it beside the page.</summary>
    public static void MapAuditDownload(this IEndpointRouteBuilder routes) => routes.MapGet("/audit/export", async (
        HttpContext http, ActorSource actors, AuditExport export, [AsParameters] AuditParameters parameters, string? format, CancellationToken stop) =>
    {
        var actor = await actors.GetAsync(http.User, null, http.Connection.RemoteIpAddress?.ToString(), stop);
        var failure = actor.Failure ?? await export.WriteAsync(http, actor.Value, parameters.Filter, format, stop);
        return failure is null ? Results.Empty : ApiProblems.From(failure);
    }).ExcludeFromDescription();
}
