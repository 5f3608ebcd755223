using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Quality.InUse;
using AspireGateway.Shared.Domain.Quality;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/quality</c>.</summary>
internal static class QualityApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/quality").WithTags("quality");

        group.MapGet("/", (HttpContext http, QualityQuery query, CancellationToken stop) => query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("The table of quality as it counts now, and what feedback says beside it.")
            .Answers<QualityTable>("GetQuality");

        group.MapGet("/in-use", (HttpContext http, InUseQuery query, string? by, CancellationToken stop) => query.RunAsync(http.Actor(), by, stop).Ok())
            .WithSummary("How answers of the last seven days were taken, by model, task or feature: votes by source, faithfulness, what guardrails refused.")
            .Answers<InUseReport>("GetQualityInUse");

        group.MapPost("/import", (HttpContext http, PublishQuality command, PublishQualityRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, QualitySources.Import, stop).Ok())
            .WithSummary("Publishes cells as a new version of the table, or says with dry_run what would change.")
            .WithDescription("Cells that are not named stay, unless replace is true. Without lower and upper the interval is Wilson's. One fault refuses all of them.")
            .Answers<QualityPublication>("ImportQuality");

        group.MapPost("/import/csv", (
                HttpContext http, ImportQuality command, string? note, bool? replace, [FromQuery(Name = "dry_run")] bool? dryRun, CancellationToken stop) =>
            command.RunAsync(http.Actor(), http.Request.Body, new() { Note = note, Replace = replace, DryRun = dryRun }, stop).Ok())
            .WithMetadata(new RequestSizeLimitAttribute(QualityFile.MaxBytes))
            .WithSummary("The same from a CSV file, which is the body.")
            .WithDescription("Its first line names the columns: task, provider, model, mean, samples, and where wanted lower, upper, date.")
            .Answers<QualityPublication>("ImportQualityFile");

        group.MapGet("/versions", (HttpContext http, QualityQuery query, string? after, int? limit, CancellationToken stop) =>
            query.VersionsAsync(http.Actor(), after, limit, stop).Ok()).WithSummary("Versions of the table, newest first.").Answers<Page<QualityVersionDetails>>("ListQualityVersions");

        group.MapGet("/versions/{version:int}", (HttpContext http, QualityQuery query, int version, CancellationToken stop) =>
            query.VersionAsync(http.Actor(), version, stop).Ok()).Answers<QualityTable>("GetQualityVersion");

        group.MapGet("/versions/{version:int}/changes", (HttpContext http, QualityQuery query, int version, int? since, CancellationToken stop) =>
            query.ChangesAsync(http.Actor(), version, since, stop).Ok())
            .WithSummary("What differs from the version before, or from the one that since names.")
            .Answers<Page<QualityChange>>("ListQualityChanges");

        group.MapPost("/versions/{version:int}/restore", (HttpContext http, RestoreQuality command, int version, RestoreQualityRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), version, request, stop).Ok())
            .WithSummary("Puts an older version back, as a new one.")
            .Answers<QualityVersionDetails>("RestoreQuality");
    }
}
