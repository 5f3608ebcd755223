using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Tiers;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/tiers</c>.</summary>
internal static class TiersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/tiers").WithTags("tiers");

        group.MapGet("/", (HttpContext http, TiersQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<TierDetails>>("ListTiers");

        group.MapPost("/", (HttpContext http, CreateTier command, TierRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(t => $"/api/tiers/{t.Id}")).Answers<TierDetails>("CreateTier", StatusCodes.Status201Created);

        group.MapPut("/{id:guid}", (HttpContext http, UpdateTier command, Guid id, TierRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Changes a tier, and so the limits of all that have it.").Answers<TierDetails>("UpdateTier");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteTier command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteTier");

        group.MapGet("/assignments", (
                HttpContext http, TiersQuery query, [FromQuery(Name = "scope_kind")] string? scopeKind, [FromQuery(Name = "scope_id")] string? scopeId,
                string? after, int? limit, CancellationToken stop) =>
            query.AssignmentsAsync(http.Actor(), new() { ScopeKind = scopeKind, ScopeId = scopeId, After = after, Limit = limit }, stop).Ok())
            .WithSummary("Who has which tier, newest first.").Answers<Page<TierAssignmentRow>>("ListTierAssignments");

        group.MapPut("/assignments", (HttpContext http, AssignTier command, AssignTierRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Gives a key, team or user a tier; without scope_id all that have none of their own.").Answers<TierAssignmentDetails>("AssignTier");

        group.MapDelete("/assignments", (
                HttpContext http, UnassignTier command, [FromQuery(Name = "scope_kind")] string? scopeKind, [FromQuery(Name = "scope_id")] string? scopeId, CancellationToken stop) =>
            command.RunAsync(http.Actor(), scopeKind, scopeId, stop).NoContent()).AnswersNothing("UnassignTier");
    }
}
