using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Pins;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/pins</c>.</summary>
internal static class PinsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/pins").WithTags("pins");

        group.MapGet("/", (HttpContext http, PinsQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<PinRow>>("ListPins");

        group.MapPost("/", (HttpContext http, CreatePin command, CreatePinRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(p => $"/api/pins/{p.Id}"))
            .WithSummary("Pins the requests of a rule, key, feature, team or of everybody for a model to one exact version.")
            .Answers<PinDetails>("CreatePin", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, PinsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<PinRow>("GetPin");

        group.MapPut("/{id:guid}", (HttpContext http, UpdatePin command, Guid id, PinRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<PinDetails>("UpdatePin");

        group.MapDelete("/{id:guid}", (HttpContext http, DeletePin command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeletePin");
    }
}
