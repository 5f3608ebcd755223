using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Reliability;
using AspireGateway.Portal.Reliability.Figures;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/reliability</c>.</summary>
internal static class ReliabilityApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/reliability").WithTags("reliability");

        group.MapGet("/deployments", (HttpContext http, ReliabilityQuery query, int? hours, CancellationToken stop) =>
            query.RunAsync(http.Actor(), hours, stop).Ok())
            .WithSummary("Circuits, error rates, fallbacks and percentiles of all deployments over the last hours, 1 to 24.").Answers<Page<ReliabilityRow>>("ListDeploymentReliability");

        group.MapGet("/figures", (HttpContext http, FiguresQuery query, string? by, string? range, string? sort, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { By = by, Range = range, Sort = sort }, stop).Ok())
            .WithSummary("How requests did by model, provider, deployment, task or feature, in the last 24h or 7d, and what the gateway itself added.")
            .WithDescription("Sorted by requests, errors, retried, p95, ttft or tokens; always the most, or the slowest, first.").Answers<FiguresReport>("GetReliabilityFigures");

        group.MapGet("/events", (HttpContext http, ReliabilityQuery query, Guid? deployment_id, string? after, int? limit, CancellationToken stop) =>
            query.EventsAsync(http.Actor(), deployment_id, after, limit, stop).Ok()).WithSummary("What circuits did, and which credentials were refused, newest first.").Answers<Page<CircuitEventRow>>("ListCircuitEvents");

        group.MapPut("/deployments/{id:guid}/breaker", (HttpContext http, SetBreaker command, Guid id, BreakerRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).WithSummary("Says when a deployment is left alone.").Answers<BreakerDetails>("SetBreaker");

        group.MapPost("/deployments/{id:guid}/open", (HttpContext http, SetBreaker command, Guid id, CircuitOrderRequest request, CancellationToken stop) =>
            command.OpenAsync(http.Actor(), id, request, stop).Ok()).WithSummary("Takes a deployment out of every plan until it is closed.").Answers<BreakerDetails>("OpenCircuit");

        group.MapPost("/deployments/{id:guid}/close", (HttpContext http, SetBreaker command, Guid id, CircuitOrderRequest request, CancellationToken stop) =>
            command.CloseAsync(http.Actor(), id, request, stop).Ok()).WithSummary("Lets requests go to it again at once.").Answers<BreakerDetails>("CloseCircuit");

        group.MapGet("/models", (HttpContext http, ModelReliabilityQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<ModelReliabilityDetails>>("ListModelReliability");

        group.MapPut("/models/{id:guid}", (HttpContext http, SetModelReliability command, Guid id, ModelReliabilityRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok()).WithSummary("Sets a model's retries, time-outs and fallbacks.").Answers<ModelReliabilityDetails>("SetModelReliability");
    }
}
