using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.KillSwitches;
using AspireGateway.Portal.Scopes;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/kill-switches</c>.</summary>
internal static class KillSwitchesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/kill-switches").WithTags("kill-switches");

        group.MapGet("/", (
                HttpContext http, KillSwitchesQuery query, [FromQuery(Name = "scope_kind")] string? scopeKind, [FromQuery(Name = "scope_id")] string? scopeId,
                string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { ScopeKind = scopeKind, ScopeId = scopeId, After = after, Limit = limit }, stop).Ok()).Answers<Page<KillSwitchRow>>("ListKillSwitches");

        group.MapPost("/", (HttpContext http, ThrowKillSwitch command, ThrowKillSwitchRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(k => $"/api/kill-switches?scope_kind={k.ScopeKind}"))
            .WithSummary("Stops a scope: its requests are refused within a second.")
            .Answers<KillSwitchDetails>("ThrowKillSwitch", StatusCodes.Status201Created);

        group.MapDelete("/{id:guid}", (HttpContext http, ReleaseKillSwitch command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).WithSummary("Lets it go again.").AnswersNothing("ReleaseKillSwitch");
    }
}
