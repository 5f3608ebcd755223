using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Residency;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/residency</c>.</summary>
internal static class ResidencyApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/residency").WithTags("residency");

        group.MapGet("/", (HttpContext http, ResidencyQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<ResidencyDetails>>("ListResidency");

        group.MapPut("/", (HttpContext http, SetResidency command, SetResidencyRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Binds the requests of the organisation, a data class, a user or a feature to regions; replaces what was set on it.")
            .Answers<ResidencyDetails>("SetResidency");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteResidency command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteResidency");
    }
}
