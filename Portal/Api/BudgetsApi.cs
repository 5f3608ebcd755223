using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/budgets</c>.</summary>
internal static class BudgetsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/budgets").WithTags("budgets");

        group.MapGet("/", (
                HttpContext http, BudgetsQuery query, [FromQuery(Name = "scope_kind")] string? scopeKind, [FromQuery(Name = "scope_id")] string? scopeId,
                string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { ScopeKind = scopeKind, ScopeId = scopeId, After = after, Limit = limit }, stop).Ok()).Answers<Page<BudgetRow>>("ListBudgets");

        group.MapPost("/", (HttpContext http, CreateBudget command, CreateBudgetRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(b => $"/api/budgets/{b.Id}"))
            .WithSummary("Sets a budget on a scope; without scope_id the default of all that have none of their own.")
            .Answers<BudgetDetails>("CreateBudget", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, BudgetsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<BudgetRow>("GetBudget");

        group.MapGet("/{id:guid}/status", (HttpContext http, BudgetStatusQuery query, Guid id, CancellationToken stop) =>
            query.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("What is settled, held by running requests and left in the present window.").Answers<BudgetStatus>("GetBudgetStatus");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateBudget command, Guid id, UpdateBudgetRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<BudgetDetails>("UpdateBudget");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteBudget command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteBudget");

        group.MapPost("/{id:guid}/raise", (HttpContext http, RaiseBudget command, Guid id, RaiseBudgetRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Created(r => $"/api/budgets/{r.BudgetId}/raises"))
            .WithSummary("Adds to the cap until a moment.")
            .Answers<BudgetRaiseDetails>("RaiseBudget", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}/raises", (HttpContext http, BudgetHistoryQuery query, Guid id, string? after, int? limit, CancellationToken stop) =>
            query.RaisesAsync(http.Actor(), id, after, limit, stop).Ok()).WithSummary("Its raises, newest first, expired ones too.").Answers<Page<BudgetRaiseDetails>>("ListBudgetRaises");

        group.MapGet("/{id:guid}/events", (HttpContext http, BudgetHistoryQuery query, Guid id, string? after, int? limit, CancellationToken stop) =>
            query.EventsAsync(http.Actor(), id, after, limit, stop).Ok()).WithSummary("Thresholds that it passed, newest first.").Answers<Page<BudgetEventDetails>>("ListBudgetEvents");
    }
}
