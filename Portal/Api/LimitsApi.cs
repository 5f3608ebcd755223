using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Limits;
using AspireGateway.Portal.Scopes;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/limits</c>.</summary>
internal static class LimitsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/limits").WithTags("limits");

        group.MapGet("/", (
                HttpContext http, LimitsQuery query, [FromQuery(Name = "scope_kind")] string? scopeKind, [FromQuery(Name = "scope_id")] string? scopeId,
                string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { ScopeKind = scopeKind, ScopeId = scopeId, After = after, Limit = limit }, stop).Ok()).Answers<Page<LimitRow>>("ListLimits");

        group.MapPost("/", (HttpContext http, CreateLimit command, CreateLimitRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(l => $"/api/limits/{l.Id}"))
            .WithSummary("Sets a limit on a scope; without scope_id the default of all that have none of their own.")
            .Answers<LimitDetails>("CreateLimit", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, LimitsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<LimitRow>("GetLimit");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateLimit command, Guid id, UpdateLimitRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<LimitDetails>("UpdateLimit");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteLimit command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteLimit");
    }
}
