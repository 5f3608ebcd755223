using AspireGateway.Portal.Benchmarks.Runs;
using AspireGateway.Portal.Benchmarks.Sets;

namespace AspireGateway.Portal.Benchmarks;

/// <summary>Registration of this folder.</summary>
public static class BenchmarksFeature
{
    private const int MaxAnswerBytes = 4 << 20;

    // Above the gateway's own default of two minutes, so that it is the gateway that says what was too slow.
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Adds its queries and commands, and the worker.</summary>
    public static void AddBenchmarks(this IServiceCollection services) => services
        .AddSingleton<BenchmarkSetsQuery>()
        .AddSingleton<CreateBenchmarkSet>()
        .AddSingleton<DeleteBenchmarkSet>()
        .AddSingleton<BenchmarkChoicesQuery>()
        .AddSingleton<BenchmarkRunsQuery>()
        .AddSingleton<PlanBenchmarkRun>()
        .AddSingleton<AddBenchmarkRun>()
        .AddSingleton<StartBenchmarkRun>()
        .AddSingleton<CancelBenchmarkRun>()
        .AddSingleton<DeleteBenchmarkRun>()
        .AddSingleton<PublishBenchmarkRun>()
        .AddSingleton<EstimateBenchmark>()
        .AddSingleton<BenchmarkLease>()
        .AddSingleton<BenchmarkRunner>()
        .AddSingleton<BenchmarkKeeper>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<BenchmarkGateway>(provider, new HttpClient(
            new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(1), AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = AnswerDeadline,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        }))
        .AddHostedService<BenchmarkWorker>();
}
