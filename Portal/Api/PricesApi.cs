using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Prices;
using AspireGateway.Shared.Prices;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/prices</c>.</summary>
internal static class PricesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/prices").WithTags("prices");

        group.MapGet("/", (HttpContext http, PricesQuery query, [FromQuery(Name = "deployment_id")] Guid? deploymentId, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), deploymentId, after, limit, stop).Ok()).Answers<Page<PriceDetails>>("ListPrices");

        group.MapPost("/", (HttpContext http, SetPrice command, SetPriceRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(p => $"/api/prices?deployment_id={p.DeploymentId}"))
            .WithSummary("Sets a deployment's price from a moment on. Earlier usage keeps its price.")
            .Answers<PriceDetails>("SetPrice", StatusCodes.Status201Created);

        group.MapPost("/import", (
                HttpContext http, ImportPrices command, [FromQuery(Name = "dry_run")] bool? dryRun, [FromQuery(Name = "overwrite_manual")] bool? overwriteManual,
                [FromQuery(Name = "file_name")] string? fileName, CancellationToken stop) =>
            command.RunAsync(http.Actor(), http.Request.Body, fileName, new(dryRun ?? false, overwriteManual ?? false), stop).Ok())
            .WithMetadata(new RequestSizeLimitAttribute(PriceBookReader.MaxFileBytes))
            .WithSummary("Imports a price file in the common public layout, or says with dry_run=true what would change.")
            .WithDescription("The body is the file. Prices set by hand stay unless overwrite_manual=true. A file with a fault is refused whole.")
            .Answers<PriceImport>("ImportPrices");

        group.MapGet("/books", (HttpContext http, PriceBookQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).WithSummary("Imported price books, newest first.").Answers<Page<PriceBookDetails>>("ListPriceBooks");

        group.MapGet("/defaults", (
                HttpContext http, PriceBookQuery query, [FromQuery(Name = "provider_id")] Guid providerId, [FromQuery(Name = "upstream_model")] string upstreamModel,
                CancellationToken stop) =>
            query.FindAsync(http.Actor(), providerId, upstreamModel, stop).Ok())
            .WithSummary("What the price book says of a provider's model; a new deployment takes it where it names nothing else.")
            .Answers<ModelDefaults>("FindModelDefaults");
    }
}
