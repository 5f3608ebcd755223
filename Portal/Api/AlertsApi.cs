using AspireGateway.Portal.Alerts;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/alerts</c>.</summary>
internal static class AlertsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/alerts").WithTags("alerts");

        group.MapGet("/", (HttpContext http, AlertsQuery query, bool? open, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), open, after, limit, stop).Ok())
            .WithSummary("Lists what was unusual, newest first; open=true for what still is.")
            .Answers<Page<AlertRow>>("ListAlerts");

        group.MapPost("/{id:guid}/acknowledge", (HttpContext http, AcknowledgeAlert command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Says that somebody looks after it; it stays open until it is over.")
            .Answers<AlertRow>("AcknowledgeAlert");
    }
}
