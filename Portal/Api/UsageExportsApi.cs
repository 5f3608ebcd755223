using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.UsageExports;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/usage-exports</c>.</summary>
internal static class UsageExportsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/usage-exports").WithTags("usage-exports");

        group.MapGet("/", (HttpContext http, ExportsQuery query, CancellationToken stop) => query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("Schedules by which usage is written to files.").Answers<ExportDetails[]>("ListUsageExports");

        group.MapPost("/", (HttpContext http, CreateExport command, ExportRequest request, CancellationToken stop) => command.RunAsync(http.Actor(), request, stop).Created(_ => "/api/usage-exports"))
            .WithSummary("Makes a schedule. Its first file is that of the period that runs now.").Answers<ExportDetails>("CreateUsageExport", StatusCodes.Status201Created);

        group.MapPost("/{id:guid}/pause", (HttpContext http, ChangeExport command, Guid id, CancellationToken stop) => command.EnableAsync(http.Actor(), id, false, stop).Ok())
            .WithSummary("Pauses a schedule.").Answers<ExportDetails>("PauseUsageExport");

        group.MapPost("/{id:guid}/resume", (HttpContext http, ChangeExport command, Guid id, CancellationToken stop) => command.EnableAsync(http.Actor(), id, true, stop).Ok())
            .WithSummary("Lets a schedule go on; it catches up, file by file.").Answers<ExportDetails>("ResumeUsageExport");

        group.MapDelete("/{id:guid}", (HttpContext http, ChangeExport command, Guid id, CancellationToken stop) => command.DeleteAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Deletes a schedule with the history of its files. The files stay.").Answers<ExportDetails>("DeleteUsageExport");

        group.MapGet("/runs", (HttpContext http, ExportsQuery query, [FromQuery(Name = "export_id")] Guid? export, string? after, int? limit, CancellationToken stop) =>
            query.RunsAsync(http.Actor(), export, after, limit, stop).Ok()).WithSummary("Files, newest first, with what is in them or why they are not there yet.").Answers<Page<ExportRun>>("ListUsageExportRuns");

        group.MapGet("/file", (HttpContext http, ExportDownload download, [FromQuery(Name = "run_id")] Guid? run, CancellationToken stop) => FileAsync(http, download, run ?? Guid.Empty, stop))
            .WithSummary("A file that was written.").Answers<string>("DownloadUsageExport");
    }

    private static async Task<IResult> FileAsync(HttpContext http, ExportDownload download, Guid run, CancellationToken cancellationToken)
    {
        var path = await download.PathAsync(http.Actor(), run, cancellationToken);
        if (path.Failure is { } failure) return ApiProblems.From(failure);
        var type = path.Value.EndsWith(".csv", StringComparison.Ordinal) ? "text/csv; charset=utf-8" : "application/x-ndjson";
        return TypedResults.PhysicalFile(path.Value, type, Path.GetFileName(path.Value));
    }
}
