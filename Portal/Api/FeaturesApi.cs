using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Features;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/features</c>.</summary>
internal static class FeaturesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/features").WithTags("features");

        group.MapGet("/", (HttpContext http, FeaturesQuery query, string? search, bool? unowned, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Search = search, After = after, Limit = limit }, unowned ?? false, stop).Ok())
            .WithSummary("Features by name, with what they used this month. Those that only requests name have no id.")
            .Answers<Page<FeatureRow>>("ListFeatures");

        group.MapPost("/", (HttpContext http, CreateFeature command, CreateFeatureRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(f => $"/api/features/{f.Id}"))
            .Answers<FeatureDetails>("RegisterFeature", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, FeaturesQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<FeatureRow>("GetFeature");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateFeature command, Guid id, UpdateFeatureRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<FeatureDetails>("UpdateFeature");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteFeature command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteFeature");
    }
}
