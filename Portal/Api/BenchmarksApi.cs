using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/benchmarks</c>.</summary>
internal static class BenchmarksApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/benchmarks").WithTags("benchmarks");
        MapSets(group.MapGroup("/sets"));
    }

    private static void MapSets(RouteGroupBuilder group)
    {
        group.MapGet("/", (HttpContext http, BenchmarkSetsQuery query, CancellationToken stop) => query.RunAsync(http.Actor(), stop).Ok())
            .WithSummary("Every sample set, by name.").Answers<Page<BenchmarkSetDetails>>("ListBenchmarkSets");

        group.MapPost("/", (HttpContext http, CreateBenchmarkSet command, CreateBenchmarkSetRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(s => $"/api/benchmarks/sets/{s.Id}"))
            .WithSummary("Takes samples in; faults are told line by line.").Answers<BenchmarkSetDetails>("CreateBenchmarkSet", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, BenchmarkSetsQuery query, Guid id, CancellationToken stop) => query.OneAsync(http.Actor(), id, stop).Ok())
            .Answers<BenchmarkSetDetails>("GetBenchmarkSet");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteBenchmarkSet command, Guid id, CancellationToken stop) => command.RunAsync(http.Actor(), id, stop).NoContent())
            .WithSummary("Deletes a set with its runs and their results.").AnswersNothing("DeleteBenchmarkSet");
    }
}
