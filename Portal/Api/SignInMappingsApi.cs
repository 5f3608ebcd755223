using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.SignIns;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/sign-in-mappings</c>: which values of the identity provider give which role and team.</summary>
internal static class SignInMappingsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sign-in-mappings").WithTags("sign-in-mappings");

        group.MapGet("/", (HttpContext http, MappingsQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<MappingRow>>("ListSignInMappings");

        group.MapPost("/", (HttpContext http, CreateMapping command, MappingRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(m => $"/api/sign-in-mappings/{m.Id}"))
            .WithSummary("Maps a value. People who carry it have the role at once, also in sessions that are open.").Answers<MappingDetails>("CreateSignInMapping", StatusCodes.Status201Created);

        group.MapPut("/{id:guid}", (HttpContext http, UpdateMapping command, Guid id, MappingRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<MappingDetails>("UpdateSignInMapping");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteMapping command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteSignInMapping");
    }
}
