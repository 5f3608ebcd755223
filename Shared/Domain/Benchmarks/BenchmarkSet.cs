namespace AspireGateway.Shared.Domain.Benchmarks;

/// <summary>Samples that models are measured with. It never changes: what was measured stays comparable.</summary>
public sealed class BenchmarkSet
{
    /// <summary>Most sets of an organisation.</summary>
    public const int MaxOfOrganisation = 100;

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Name that people read; unique in the organisation.</summary>
    public required string Name { get; set; }

    /// <summary>What its samples are about: a task of the classifier or of the organisation's own.</summary>
    public required string Task { get; set; }

    /// <summary>Metrics that every sample can be judged by; of <see cref="BenchmarkMetrics"/>.</summary>
    public string[] Metrics { get; set; } = [];

    /// <summary>How many samples it holds.</summary>
    public int SampleCount { get; set; }

    /// <summary>Size of its lines in bytes of UTF-8.</summary>
    public long Bytes { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>The samples of a set, apart from it so that lists do not read them.</summary>
public sealed class BenchmarkSamples
{
    /// <summary>The set.</summary>
    public Guid SetId { get; set; }

    /// <summary>JSONL as it was uploaded and checked, at most 4 MiB.</summary>
    public required string Lines { get; set; }
}
