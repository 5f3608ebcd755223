using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Caching.Recent;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/caches</c>.</summary>
internal static class CachesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/caches").WithTags("caches");

        group.MapGet("/", (HttpContext http, CachePoliciesQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<CachePolicyRow>>("ListCachePolicies");

        group.MapGet("/recent", (HttpContext http, CacheRecentQuery query, CancellationToken stop) =>
            query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("Which kept replies saved most in the last seven days, by a hash, and what other thresholds would have given. Counts, nothing of what was asked.")
            .Answers<CacheRecent>("GetRecentCacheFigures");

        group.MapGet("/{id:guid}", (HttpContext http, CachePoliciesQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<CachePolicyRow>("GetCachePolicy");

        group.MapPut("/", (HttpContext http, SetCachePolicy command, SetCachePolicyRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Sets whether replies of the organisation, a team, a key or a model are kept, who shares them and for how long; replaces what was set on it.")
            .Answers<CachePolicyDetails>("SetCachePolicy");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteCachePolicy command, Guid id, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, stop).NoContent()).AnswersNothing("DeleteCachePolicy");

        group.MapPost("/purge", (HttpContext http, PurgeCache command, PurgeCacheRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Makes gateways forget the replies that they keep: all of the organisation's, or those of a model, a route, a team, a key or a tag.")
            .Answers<CachePurgeDetails>("PurgeCache");
    }
}
