using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Providers;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/providers</c>.</summary>
internal static class ProvidersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/providers").WithTags("providers");

        group.MapGet("/", (HttpContext http, ProvidersQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<ProviderRow>>("ListProviders");

        group.MapPost("/", (HttpContext http, CreateProvider command, ProviderRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(p => $"/api/providers/{p.Id}"))
            .Answers<ProviderDetails>("CreateProvider", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, ProvidersQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<ProviderRow>("GetProvider");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateProvider command, Guid id, ProviderRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<ProviderDetails>("UpdateProvider");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteProvider command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteProvider");
    }
}
