using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/models</c>.</summary>
internal static class ModelsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/models").WithTags("models");

        group.MapGet("/", (HttpContext http, ModelsQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<ModelRow>>("ListModels");

        group.MapPost("/", (HttpContext http, CreateModel command, ModelRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(m => $"/api/models/{m.Id}")).Answers<ModelDetails>("CreateModel", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, ModelsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<ModelRow>("GetModel");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateModel command, Guid id, ModelRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<ModelDetails>("UpdateModel");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteModel command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteModel");
    }
}
