using System.Text;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.ConfigurationFiles;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/config</c>: the whole configuration as a file.</summary>
internal static class ConfigurationApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/config").WithTags("config");

        group.MapGet("/", async (HttpContext http, ConfigurationQuery query, CancellationToken stop) =>
            {
                var export = await query.ExportAsync(http.Actor(), stop);
                return export.Failure is { } failure ? ApiProblems.From(failure) : (IResult)TypedResults.Text(export.Value.Yaml, "application/yaml", Encoding.UTF8);
            })
            .WithSummary("Everything but secrets, keys and people as one YAML file; the same bytes for the same configuration.")
            .WithName("ExportConfiguration").Produces<string>(StatusCodes.Status200OK, "application/yaml")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPost("/", (
                HttpContext http, ImportConfiguration command, [FromQuery(Name = "dry_run")] bool? dryRun, bool? prune, long? revision, [FromQuery(Name = "file_name")] string? fileName,
                CancellationToken stop) =>
            command.RunAsync(http.Actor(), http.Request.Body, new() { DryRun = dryRun ?? false, Prune = prune ?? false, Revision = revision, FileName = fileName }, null, stop).Ok())
            .WithMetadata(new RequestSizeLimitAttribute(ImportConfiguration.MaxBytes))
            .WithSummary("Brings a configuration file in, whole or not at all, or says with dry_run=true what would change.")
            .WithDescription("The body is the YAML file. prune=true also ends what the file does not name, in the sections that it has. With revision, of the dry run's answer, it is refused when the configuration changed since.")
            .Answers<ConfigurationImport>("ImportConfiguration");

        group.MapGet("/history", (HttpContext http, ConfigurationQuery query, string? after, int? limit, CancellationToken stop) =>
            query.HistoryAsync(http.Actor(), after, limit, stop).Ok())
            .WithSummary("Revisions of the configuration, newest first.").Answers<Page<ConfigurationRevision>>("ListConfigurationHistory");

        group.MapPost("/rollback", (
                HttpContext http, RollBackConfiguration command, RollBackConfigurationRequest request, [FromQuery(Name = "dry_run")] bool? dryRun, long? revision, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, revision, dryRun ?? false, null, stop).Ok())
            .WithSummary("Goes back to the configuration as it stood after a revision, or says with dry_run=true what would change.")
            .Answers<ConfigurationImport>("RollBackConfiguration");
    }
}
