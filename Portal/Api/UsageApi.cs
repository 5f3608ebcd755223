using AspireGateway.Portal.Usage;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/usage</c>.</summary>
internal static class UsageApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/usage", (
        HttpContext http, UsageQuery query, DateTimeOffset? from, DateTimeOffset? to, [FromQuery(Name = "group_by")] string? groupBy,
        [FromQuery(Name = "team_id")] Guid? teamId, [FromQuery(Name = "key_id")] Guid? keyId, string? model, string? provider, string? feature,
        CancellationToken stop) =>
        query.RunAsync(http.Actor(), new()
        {
            From = from, To = to, GroupBy = groupBy, TeamId = teamId, KeyId = keyId, Model = model, Provider = provider, Feature = feature,
        }, stop).Ok())
        .WithTags("usage").WithSummary("Sums usage by team, key, user, feature, agent, model, provider, deployment, route, task, status, cache, arm, tag or day: of at most 400 days where the roll-ups tell, else of 31.")
        .Answers<UsageReport>("GetUsage");
}
