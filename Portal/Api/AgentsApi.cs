using AspireGateway.Portal.Agents;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/agents</c>.</summary>
internal static class AgentsApi
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGroup("/agents").WithTags("agents").MapGet("/", (HttpContext http, AgentsQuery query, string? search, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), new() { Search = search, After = after, Limit = limit }, stop).Ok())
            .WithSummary("Agents that requests named, by name, with what they used this month.")
            .Answers<Page<NamedUsage>>("ListAgents");
}
