using AspireGateway.Portal.Retention;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/retention</c>.</summary>
internal static class RetentionApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/retention").WithTags("retention");

        group.MapGet("/", (HttpContext http, RetentionQuery query, CancellationToken stop) => query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("How long usage and journeys are kept, and what is there.").Answers<RetentionDetails>("GetRetention");

        group.MapPut("/", (HttpContext http, SetRetention command, RetentionSettings request, CancellationToken stop) => command.RunAsync(http.Actor(), request, stop).Ok())
            .WithSummary("Sets how long usage and journeys are kept. What is older is deleted within an hour; roll-ups stay.").Answers<RetentionSettings>("SetRetention");
    }
}
