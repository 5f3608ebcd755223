using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Prices;
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
    }
}
