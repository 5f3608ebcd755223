using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Benchmarks.Sets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Quality;

namespace AspireGateway.Portal.Api;

/// <summary><c>/api/benchmarks</c>.</summary>
internal static class BenchmarksApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/benchmarks").WithTags("benchmarks");
        MapSets(group.MapGroup("/sets"));
        MapRuns(group.MapGroup("/runs"));
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

    private static void MapRuns(RouteGroupBuilder group)
    {
        group.MapGet("/", (HttpContext http, BenchmarkRunsQuery query, string? after, int? limit, CancellationToken stop) =>
            query.RunAsync(http.Actor(), after, limit, stop).Ok()).Answers<Page<BenchmarkRunDetails>>("ListBenchmarkRuns");

        group.MapPost("/", (HttpContext http, PlanBenchmarkRun command, PlanBenchmarkRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), request, stop).Created(r => $"/api/benchmarks/runs/{r.Id}"))
            .WithSummary("Plans a run and has the gateway estimate what it costs; nothing is sent to a provider until it is started. A plan lasts an hour.")
            .Answers<BenchmarkRunDetails>("PlanBenchmarkRun", StatusCodes.Status201Created);

        group.MapGet("/{id:guid}", (HttpContext http, BenchmarkRunsQuery query, Guid id, CancellationToken stop) => query.OneAsync(http.Actor(), id, stop).Ok())
            .WithSummary("A run with the comparison of its models so far.").Answers<BenchmarkRunResult>("GetBenchmarkRun");

        group.MapGet("/{id:guid}/results", (HttpContext http, BenchmarkRunsQuery query, Guid id, string? after, int? limit, CancellationToken stop) =>
            query.ResultsAsync(http.Actor(), id, after, limit, stop).Ok()).WithSummary("Its results by sample and model.").Answers<Page<BenchmarkResultRow>>("ListBenchmarkResults");

        group.MapPost("/{id:guid}/start", (HttpContext http, StartBenchmarkRun command, Guid id, StartBenchmarkRequest request, CancellationToken stop) =>
            command.RunAsync(http.Actor(), id, request, stop).Ok())
            .WithSummary("Lets a planned run begin, with a ceiling that it will not pass.").Answers<BenchmarkRunDetails>("StartBenchmarkRun");

        group.MapPost("/{id:guid}/cancel", (HttpContext http, CancelBenchmarkRun command, Guid id, CancellationToken stop) => command.RunAsync(http.Actor(), id, stop).Ok())
            .Answers<BenchmarkRunDetails>("CancelBenchmarkRun");

        group.MapPost("/{id:guid}/publish", (HttpContext http, PublishBenchmarkRun command, Guid id, CancellationToken stop) => command.RunAsync(http.Actor(), id, stop).Ok())
            .WithSummary("Publishes what it measured as a new version of the table of quality.").Answers<QualityPublication>("PublishBenchmarkRun");

        group.MapDelete("/{id:guid}", (HttpContext http, DeleteBenchmarkRun command, Guid id, CancellationToken stop) => command.RunAsync(http.Actor(), id, stop).NoContent())
            .AnswersNothing("DeleteBenchmarkRun");
    }
}
