using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Routes;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/rules</c> and <c>/api/tasks</c>.</summary>
internal static class RulesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        MapRules(routes.MapGroup("/rules").WithTags("rules"));
        MapTasks(routes.MapGroup("/tasks").WithTags("tasks"));
    }

    private static void MapRules(RouteGroupBuilder group)
    {
        group.MapGet("/", (HttpContext http, RulesQuery query, CancellationToken stop) => query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("Every rule, the one that is asked first in front.").Answers<Page<RuleDetails>>("ListRules");

        group.MapPost("/", (HttpContext http, CreateRule command, RuleRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(r => $"/api/rules/{r.Id}"))
            .WithSummary("Adds a rule that is asked after all others.").Answers<RuleDetails>("CreateRule", StatusCodes.Status201Created);

        group.MapPut("/order", (HttpContext http, ReorderRules command, ReorderRulesRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok()).WithSummary("Puts the rules into another order.").Answers<Page<RuleDetails>>("ReorderRules");

        group.MapPost("/preview", (HttpContext http, TryRoute query, TryRouteRequest request, CancellationToken stop) =>
            query.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Says where a chat request of a key would go, rule by rule; nothing is sent or booked.").Answers<RoutePreview>("PreviewRoute");

        group.MapGet("/{id:guid}", (HttpContext http, RulesQuery query, Guid id, CancellationToken stop) => query.OneAsync(http.Actor(), id, stop).Ok()).Answers<RuleDetails>("GetRule");

        group.MapPut("/{id:guid}", (HttpContext http, UpdateRule command, Guid id, RuleRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<RuleDetails>("UpdateRule");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteRule command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteRule");
    }

    private static void MapTasks(RouteGroupBuilder group)
    {
        group.MapGet("/", (HttpContext http, RulesQuery query, CancellationToken stop) => query.TasksAsync(http.Actor(), stop).Ok())
            .WithSummary("The organisation's own tasks, by name.").Answers<Page<TaskDetails>>("ListTasks");

        group.MapPost("/", (HttpContext http, CreateTask command, TaskRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(t => $"/api/tasks/{t.Id}")).Answers<TaskDetails>("CreateTask", StatusCodes.Status201Created);

        group.MapPut("/{id:guid}", (HttpContext http, UpdateTask command, Guid id, TaskRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).Answers<TaskDetails>("UpdateTask");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteTask command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteTask");
    }
}
