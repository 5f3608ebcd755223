using AspireGateway.Portal.Canaries;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/canaries</c>.</summary>
internal static class CanariesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/canaries").WithTags("canaries");

        group.MapGet("/", (HttpContext http, CanariesQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<CanaryRow>>("ListCanaries");

        group.MapPost("/", (HttpContext http, CreateCanary command, CreateCanaryRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(c => $"/api/canaries/{c.Id}"))
            .WithSummary("Sends a part of a model's requests to another deployment, watched by gateways, which roll it back when it is worse than its guards allow.")
            .Answers<CanaryDetails>("CreateCanary", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, CanariesQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<CanaryRow>("GetCanary");

        group.MapPost("/{id:guid}/promote", (HttpContext http, PromoteCanary command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Makes its deployment the model's first one; the others stay behind as fallbacks.")
            .Answers<CanaryDetails>("PromoteCanary");

        group.MapPost("/{id:guid}/abort", (HttpContext http, AbortCanary command, Guid id, AbortCanaryRequest? request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request ?? new(), stop).Ok()).Answers<CanaryDetails>("AbortCanary");
    }
}
