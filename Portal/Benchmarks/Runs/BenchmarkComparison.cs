using AspireGateway.Portal.Benchmarks.Metrics;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>How a model did in a run.</summary>
public sealed record ModelScore
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Answers that were judged.</summary>
    public required int Count { get; init; }

    /// <summary>Answers that failed for good; they are in no mean.</summary>
    public required int Errors { get; init; }

    /// <summary>The commonest failure; null = none failed.</summary>
    public string? CommonestError { get; init; }

    /// <summary>Mean score, 0 to 1; null = none was judged.</summary>
    public double? Mean { get; init; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper end of its 95 % interval.</summary>
    public double? Upper { get; init; }

    /// <summary>Cost of its answers in nano-USD, failed ones too, without the judge's.</summary>
    public required long CostNanoUsd { get; init; }

    /// <summary>Cost of the verdicts on them in nano-USD.</summary>
    public required long JudgeNanoUsd { get; init; }

    /// <summary>95th percentile of the latency of judged answers, in microseconds; null = none was judged.</summary>
    public long? P95Us { get; init; }
}

/// <summary>By how much one model did better than another, on the samples that both answered.</summary>
/// <param name="Model">The one.</param>
/// <param name="Than">The other.</param>
/// <param name="Count">Samples that both answered.</param>
/// <param name="Mean">Mean difference of scores, -1 to 1.</param>
/// <param name="Lower">Lower end of its 95 % interval; null = fewer than ten samples.</param>
/// <param name="Upper">Upper end.</param>
public sealed record ModelDifference(string Model, string Than, int Count, double Mean, double? Lower, double? Upper);

/// <summary>A run with what came of it so far.</summary>
/// <param name="Run">The run.</param>
/// <param name="Scores">Each model, in the run's order.</param>
/// <param name="Differences">Each pair of models.</param>
public sealed record BenchmarkRunResult(BenchmarkRunDetails Run, IReadOnlyList<ModelScore> Scores, IReadOnlyList<ModelDifference> Differences);

/// <summary>A result as it is compared.</summary>
internal readonly record struct ComparedResult(int Model, int Line, double? Score, string? Error, long LatencyUs, long CostNanoUsd, long JudgeNanoUsd);

/// <summary>Sums results up.</summary>
internal static class BenchmarkComparison
{
    /// <summary>Each model by itself.</summary>
    public static IReadOnlyList<ModelScore> Scores(IReadOnlyList<string> models, IReadOnlyCollection<ComparedResult> results) => [.. models.Select((model, place) =>
    {
        var its = results.Where(r => r.Model == place).ToList();
        var judged = its.Where(r => r.Score is not null).ToList();
        double? mean = judged.Count == 0 ? null : judged.Average(r => r.Score!.Value);
        (double Lower, double Upper)? interval = mean is { } middle ? WilsonInterval.Of(middle, judged.Count) : null;
        return new ModelScore
        {
            Model = model, Count = judged.Count, Errors = its.Count - judged.Count, Mean = mean, Lower = interval?.Lower, Upper = interval?.Upper,
            CommonestError = its.Where(r => r.Error is not null).GroupBy(r => r.Error).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key,
            CostNanoUsd = its.Sum(r => r.CostNanoUsd), JudgeNanoUsd = its.Sum(r => r.JudgeNanoUsd), P95Us = Percentile.P95([.. judged.Select(r => r.LatencyUs).Order()]),
        };
    })];

    /// <summary>Each pair of models.</summary>
    public static IReadOnlyList<ModelDifference> Differences(IReadOnlyList<string> models, IReadOnlyCollection<ComparedResult> results)
    {
        var scores = Enumerable.Range(0, models.Count).Select(place => results.Where(r => r.Model == place && r.Score is not null).ToDictionary(r => r.Line, r => r.Score!.Value)).ToList();
        var differences = new List<ModelDifference>();
        for (var first = 0; first < models.Count; first++)
            for (var second = first + 1; second < models.Count; second++)
            {
                var other = scores[second];
                var pairs = scores[first].Where(s => other.ContainsKey(s.Key)).Select(s => (s.Value, other[s.Key])).ToList();
                if (pairs.Count == 0) continue;
                var difference = PairedDifference.Of(pairs);
                differences.Add(new(models[first], models[second], difference.Count, difference.Mean, difference.Low, difference.High));
            }
        return differences;
    }
}
