using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Repricing;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/repricing</c>.</summary>
internal static class RepricingApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/repricing").WithTags("repricing");

        group.MapGet("/", (HttpContext http, RepricingQuery query, [FromQuery(Name = "deployment_id")] Guid? deploymentId, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), deploymentId, after, limit, stop).Ok()).WithSummary("Re-pricings, newest first.").Answers<Page<RepricingJob>>("ListRepricings");

        group.MapGet("/{id:guid}", (HttpContext http, RepricingQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).WithSummary("A re-pricing and how far it is.").Answers<RepricingJob>("GetRepricing");

        group.MapPost("/preview", (HttpContext http, PreviewRepricing command, RepricingRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok()).WithSummary("What a re-pricing would change, in all and by team. Changes nothing.").Answers<RepricingPreview>("PreviewRepricing");

        group.MapPost("/", (HttpContext http, StartRepricing command, RepricingRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(j => $"/api/repricing/{j.Id}"))
            .WithSummary("Starts a job that gives recorded usage of a time another price of its deployment.")
            .WithDescription("Each record keeps what it cost before in a correction. Roll-ups follow; budgets of the current periods are counted anew when the job ends. No record is corrected twice.")
            .Answers<RepricingJob>("StartRepricing", StatusCodes.Status201Created);

        group.MapPost("/{id:guid}/cancel", (HttpContext http, EndRepricing command, Guid id, CancellationToken stop) =>
            command.CancelAsync(http.Actor(), id, stop).Ok()).WithSummary("Ends a re-pricing between two batches. What was corrected stays so.").Answers<RepricingJob>("CancelRepricing");
    }
}
