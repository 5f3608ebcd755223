using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Requests;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/requests</c>.</summary>
internal static class RequestsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/requests").WithTags("requests");

        group.MapGet("/", (
            HttpContext http, RequestsQuery query, DateTimeOffset? from, DateTimeOffset? to, [FromQuery(Name = "team_id")] Guid? teamId,
            [FromQuery(Name = "key_id")] Guid? keyId, string? model, string? provider, string? deployment, string? status,
            [FromQuery(Name = "status_code")] int? statusCode, string? feature, [FromQuery(Name = "user_id")] string? userId,
            [FromQuery(Name = "request_id")] string? requestId, [FromQuery(Name = "min_cost_nano_usd")] long? minCost,
            [FromQuery(Name = "min_latency_ms")] long? minLatency, string? guardrail, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new()
            {
                From = from, To = to, TeamId = teamId, KeyId = keyId, Model = model, Provider = provider, Deployment = deployment, Status = status,
                StatusCode = statusCode, Feature = feature, UserId = userId, RequestId = requestId, MinCostNanoUsd = minCost, MinLatencyMs = minLatency,
                Guardrail = guardrail, After = after, Limit = limit,
            }, stop).Ok()).Answers<Page<RequestRow>>("ListRequests");

        group.MapGet("/{id:guid}", (HttpContext http, RequestsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<RequestDetails>("GetRequest");
    }
}
