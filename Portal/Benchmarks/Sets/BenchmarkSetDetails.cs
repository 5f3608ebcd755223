using AspireGateway.Shared.Domain.Benchmarks;

namespace AspireGateway.Portal.Benchmarks.Sets;

/// <summary>A sample set as commands, lists and the audit show it; the samples themselves are not in it.</summary>
public sealed record BenchmarkSetDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What its samples are about.</summary>
    public required string Task { get; init; }

    /// <summary>Metrics that every sample can be judged by; of <see cref="BenchmarkMetrics"/>.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>How many samples.</summary>
    public required int SampleCount { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static BenchmarkSetDetails Of(BenchmarkSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new()
        {
            Id = set.Id, Name = set.Name, Task = set.Task, Metrics = set.Metrics, SampleCount = set.SampleCount, Bytes = set.Bytes, CreatedAt = set.CreatedAt, CreatedBy = set.CreatedBy,
        };
    }
}

/// <summary>A new sample set.</summary>
public sealed record CreateBenchmarkSetRequest
{
    /// <summary>Name that people read, 1 to 100 characters; unique in the organisation.</summary>
    public string? Name { get; init; }

    /// <summary>What its samples are about: a task of the classifier such as <c>coding</c>, or one of the organisation's own.</summary>
    public string? Task { get; init; }

    /// <summary>
    /// JSONL, at most 2,000 lines and 4 MiB: each line an object with <c>prompt</c> or <c>messages</c>, and one or more of <c>expected</c> (a text or several), <c>schema</c> (a JSON schema) and
    /// <c>rubric</c> (what a judge looks for).
    /// </summary>
    public string? Samples { get; init; }
}
