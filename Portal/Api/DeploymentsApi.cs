using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Prices;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/deployments</c>.</summary>
internal static class DeploymentsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/deployments").WithTags("deployments");

        group.MapGet("/", (HttpContext http, DeploymentsQuery query, [FromQuery(Name = "provider_id")] Guid? providerId, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), providerId, after, limit, stop).Ok()).Answers<Page<DeploymentRow>>("ListDeployments");

        group.MapPost("/", (HttpContext http, CreateDeployment command, CreateDeploymentRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(d => $"/api/deployments/{d.Id}"))
            .Answers<DeploymentDetails>("CreateDeployment", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, DeploymentsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<DeploymentRow>("GetDeployment");

        group.MapGet("/{id:guid}/prices", (HttpContext http, PriceHistoryQuery query, Guid id, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), id, after, limit, stop).Ok())
            .WithSummary("The history of its price: each version with from when until when it holds, what was before it, who set it and from where.")
            .Answers<Page<PriceVersionRow>>("ListDeploymentPrices");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateDeployment command, Guid id, UpdateDeploymentRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<DeploymentDetails>("UpdateDeployment");

        group.MapPost("/{id:guid}/enable", (HttpContext http, UpdateDeployment command, Guid id, CancellationToken stop) =>
            command.EnableAsync(http.Actor(), id, enabled: true, stop).Ok()).Answers<DeploymentDetails>("EnableDeployment");

        group.MapPost("/{id:guid}/disable", (HttpContext http, UpdateDeployment command, Guid id, CancellationToken stop) =>
            command.EnableAsync(http.Actor(), id, enabled: false, stop).Ok()).Answers<DeploymentDetails>("DisableDeployment");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteDeployment command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteDeployment");
    }
}
