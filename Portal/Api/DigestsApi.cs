using AspireGateway.Portal.Alerts.Digests;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/digests</c>.</summary>
internal static class DigestsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/digests").WithTags("digests");

        group.MapGet("/", (HttpContext http, DigestsQuery query, string? period, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), period, after, limit, stop).Ok())
            .WithSummary("Lists digests, newest first; period=daily or weekly.").Answers<Page<DigestRow>>("ListDigests");

        group.MapGet("/{id:guid}", (HttpContext http, DigestsQuery query, Guid id, CancellationToken stop) =>
            query.OneAsync(http.Actor(), id, stop).Ok()).Answers<DigestRow>("GetDigest");
    }
}
