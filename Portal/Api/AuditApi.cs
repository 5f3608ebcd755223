using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/audit</c>.</summary>
internal static class AuditApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/audit", (
        HttpContext http, AuditQuery query, [FromQuery(Name = "target_id")] Guid? targetId, [FromQuery(Name = "target_kind")] string? targetKind,
        string? actor, string? after, int? limit, CancellationToken stop) =>
        query.RunAsync(http.Actor(), new() { TargetId = targetId, TargetKind = targetKind, Actor = actor, After = after, Limit = limit }, stop).Ok())
        .WithTags("audit").Answers<Page<AuditRow>>("ListAudit");
}
