using AspireGateway.Portal.Benchmarks.Sets;

namespace AspireGateway.Portal.Benchmarks;

/// <summary>Registration of this folder.</summary>
public static class BenchmarksFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddBenchmarks(this IServiceCollection services) => services
        .AddSingleton<BenchmarkSetsQuery>()
        .AddSingleton<CreateBenchmarkSet>()
        .AddSingleton<DeleteBenchmarkSet>();
}
