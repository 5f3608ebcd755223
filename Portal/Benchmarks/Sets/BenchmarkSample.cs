using AspireGateway.Shared.Domain.Benchmarks;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Portal.Benchmarks.Sets;

/// <summary>A sample of a set: what is asked, and what an answer is judged by.</summary>
/// <param name="Line">Its line in the set, from 1.</param>
/// <param name="Messages">The messages as JSON.</param>
/// <param name="Expected">Answers that are right; empty = none are given.</param>
/// <param name="Schema">Schema of a right answer; null = none.</param>
/// <param name="Rubric">What a judge looks for; null = nothing.</param>
public sealed record BenchmarkSample(int Line, string Messages, IReadOnlyList<string> Expected, JsonSchema? Schema, string? Rubric)
{
    /// <summary>Whether an answer can be judged by a metric.</summary>
    public bool Serves(string metric) => metric switch
    {
        BenchmarkMetrics.Exact => Expected.Count > 0,
        BenchmarkMetrics.JsonSchema => Schema is not null,
        _ => Rubric is not null,
    };
}
