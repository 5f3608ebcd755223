using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Benchmarks;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>A run as commands, lists and the audit show it.</summary>
public sealed record BenchmarkRunDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The sample set.</summary>
    public required Guid SetId { get; init; }

    /// <summary>Its name.</summary>
    public required string SetName { get; init; }

    /// <summary>What its samples are about.</summary>
    public required string Task { get; init; }

    /// <summary>How answers are judged; of <see cref="BenchmarkMetrics"/>.</summary>
    public required string Metric { get; init; }

    /// <summary>The models that are measured.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The model that judges; null = none does.</summary>
    public string? Judge { get; init; }

    /// <summary>The team that pays.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The key that was issued for the run; its requests are found by it.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>How many samples.</summary>
    public required int SampleCount { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Requests at the same time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Whether answers are kept for seven days.</summary>
    public required bool KeepReplies { get; init; }

    /// <summary>What each model, and the judge, were estimated to cost.</summary>
    public required BenchmarkEstimate Estimate { get; init; }

    /// <summary>Likely cost in dollars, estimated.</summary>
    public required string ExpectedUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long ExpectedNanoUsd { get; init; }

    /// <summary>Cost at the very most in dollars, estimated.</summary>
    public required string WorstUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long WorstNanoUsd { get; init; }

    /// <summary>What it may cost in dollars; null = it was not started.</summary>
    public string? CeilingUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? CeilingNanoUsd { get; init; }

    /// <summary>What it cost so far in dollars.</summary>
    public required string SpentUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long SpentNanoUsd { get; init; }

    /// <summary>Answers that were judged or failed for good.</summary>
    public required int Done { get; init; }

    /// <summary>Answers when all is done: samples times models.</summary>
    public required int Total { get; init; }

    /// <summary>Of <see cref="BenchmarkStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it ended before all was done; null = it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who planned it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When its figures were published as quality.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Who published them.</summary>
    public string? PublishedBy { get; init; }

    /// <summary>Of a row and its set.</summary>
    public static BenchmarkRunDetails Of(BenchmarkRun run, BenchmarkSet set)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(set);
        return new()
        {
            Id = run.Id, SetId = run.SetId, SetName = set.Name, Task = set.Task, Metric = run.Metric, Models = run.Models, Judge = run.Judge, TeamId = run.TeamId, KeyId = run.KeyId,
            SampleCount = run.SampleCount, MaxTokens = run.MaxTokens, Concurrency = run.Concurrency, KeepReplies = run.KeepReplies,
            Estimate = JsonSerializer.Deserialize(run.Estimate, BenchmarkJson.Default.BenchmarkEstimate)!, ExpectedUsd = UsdAmount.Text(run.ExpectedNanoUsd), ExpectedNanoUsd = run.ExpectedNanoUsd,
            WorstUsd = UsdAmount.Text(run.WorstNanoUsd), WorstNanoUsd = run.WorstNanoUsd, CeilingUsd = UsdAmount.Text(run.CeilingNanoUsd), CeilingNanoUsd = run.CeilingNanoUsd,
            SpentUsd = UsdAmount.Text(run.SpentNanoUsd), SpentNanoUsd = run.SpentNanoUsd, Done = run.Done, Total = run.SampleCount * run.Models.Length, Status = run.Status, Reason = run.Reason,
            CreatedAt = run.CreatedAt, CreatedBy = run.CreatedBy, StartedAt = run.StartedAt, EndedAt = run.EndedAt, PublishedAt = run.PublishedAt, PublishedBy = run.PublishedBy,
        };
    }
}
