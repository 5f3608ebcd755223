using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Audit.Chain;
using AspireGateway.Portal.Configuration;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/audit</c>.</summary>
internal static class AuditApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/audit").WithTags("audit");

        group.MapGet("/", (HttpContext http, AuditQuery query, [AsParameters] AuditParameters parameters, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), parameters.Filter with { Limit = limit }, stop).Ok())
            .WithSummary("Changes of configuration, newest first.").Answers<Page<AuditRow>>("ListAudit");

        group.MapGet("/{id:guid}", (HttpContext http, AuditQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<AuditRow>("GetAuditEntry");

        group.MapGet("/export", async (HttpContext http, AuditExport export, [AsParameters] AuditParameters parameters, string? format, CancellationToken stop) =>
            await export.WriteAsync(http, http.Actor(), parameters.Filter, format, stop) is { } failure ? ApiProblems.From(failure) : Results.Empty)
            .WithSummary($"The same as a file, csv or jsonl, at most {AuditExport.MaxRows} rows; the header Link leads to the rest.").Answers<string>("ExportAudit");

        group.MapGet("/verification", (HttpContext http, VerifyAudit query, CancellationToken stop) => query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("Looks through the whole chain of hashes and its seals: was an entry changed, taken out or put in?").Answers<AuditVerification>("VerifyAudit");

        group.MapPost("/{id:guid}/undo", (HttpContext http, UndoChange command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Puts back what stood before a change, as an edit would; refused when the thing was changed since. Answers the undo's own entry.").Answers<AuditRow>("UndoChange");
    }
}

/// <summary>The filter as query parameters.</summary>
internal sealed record AuditParameters(
    DateTimeOffset? From, DateTimeOffset? To, [property: FromQuery(Name = "target_id")] Guid? TargetId, [property: FromQuery(Name = "target_kind")] string? TargetKind,
    string? Target, string? Action, string? Actor, string? After)
{
    public AuditFilter Filter => new() { From = From, To = To, TargetId = TargetId, TargetKind = TargetKind, Target = Target, Action = Action, Actor = Actor, After = After };
}
