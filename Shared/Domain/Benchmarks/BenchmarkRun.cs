namespace AspireGateway.Shared.Domain.Benchmarks;

/// <summary>Models answering the samples of a set through the gateway.</summary>
public sealed class BenchmarkRun
{
    /// <summary>Most runs that an organisation keeps.</summary>
    public const int MaxOfOrganisation = 200;

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The set; gone, the run goes too.</summary>
    public Guid SetId { get; set; }

    /// <summary>How answers are judged; of <see cref="BenchmarkMetrics"/>.</summary>
    public required string Metric { get; set; }

    /// <summary>The models as the gateway's callers name them: logical models or <c>provider/model</c>.</summary>
    public string[] Models { get; set; } = [];

    /// <summary>The model that judges by the rubric; null with the other metrics.</summary>
    public string? Judge { get; set; }

    /// <summary>The team that pays.</summary>
    public Guid TeamId { get; set; }

    /// <summary>The key that was issued for it.</summary>
    public Guid KeyId { get; set; }

    /// <summary>The key's secret, sealed for this run; null once the key is revoked.</summary>
    public byte[]? KeyEnvelope { get; set; }

    /// <summary>How many samples, from the set's first on.</summary>
    public int SampleCount { get; set; }

    /// <summary>Most tokens of an answer.</summary>
    public int MaxTokens { get; set; }

    /// <summary>Requests at the same time.</summary>
    public int Concurrency { get; set; }

    /// <summary>Whether answers are kept for a while.</summary>
    public bool KeepReplies { get; set; }

    /// <summary>JSON of what each model and the judge are estimated to cost.</summary>
    public required string Estimate { get; set; }

    /// <summary>Its likely cost in nano-USD, as gateways estimated it.</summary>
    public long ExpectedNanoUsd { get; set; }

    /// <summary>Its cost in nano-USD at the very most, as gateways estimated it.</summary>
    public long WorstNanoUsd { get; set; }

    /// <summary>What it may cost in nano-USD; null = it was not started.</summary>
    public long? CeilingNanoUsd { get; set; }

    /// <summary>What it cost so far, in nano-USD.</summary>
    public long SpentNanoUsd { get; set; }

    /// <summary>Answers that were judged or failed for good.</summary>
    public int Done { get; set; }

    /// <summary>Of <see cref="BenchmarkStatuses"/>.</summary>
    public string Status { get; set; } = BenchmarkStatuses.Draft;

    /// <summary>Why it ended before all was done; null = it did not.</summary>
    public string? Reason { get; set; }

    /// <summary>The portal that works on it; null = none.</summary>
    public Guid? LeaseOwner { get; set; }

    /// <summary>Until when that portal has it; another one may take it up afterwards.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>When it was planned.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who planned it.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>When it was started; null = it was not.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended; null = it has not.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When its figures were published as quality; null = they were not.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Who published them.</summary>
    public string? PublishedBy { get; set; }
}

/// <summary>Where a run stands.</summary>
public static class BenchmarkStatuses
{
    /// <summary>Estimated, waiting for somebody to start it.</summary>
    public const string Draft = "draft";

    /// <summary>Started, waiting for a portal, or for another one after the first went away.</summary>
    public const string Queued = "queued";

    /// <summary>A portal works on it.</summary>
    public const string Running = "running";

    /// <summary>Every sample was answered by every model, or failed for good.</summary>
    public const string Done = "done";

    /// <summary>Its ceiling was reached, or the gateway refused to go on.</summary>
    public const string Stopped = "stopped";

    /// <summary>Somebody cancelled it, or it was never started.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Draft, Queued, Running, Done, Stopped, Cancelled];

    /// <summary>Whether a run of this status may still go on.</summary>
    public static bool IsOpen(string status) => status is Draft or Queued or Running;
}

/// <summary>How an answer is judged.</summary>
public static class BenchmarkMetrics
{
    /// <summary>1 when the answer is one of the expected ones after normalisation, else 0.</summary>
    public const string Exact = "exact";

    /// <summary>1 when the answer is JSON that the sample's schema allows, else 0.</summary>
    public const string JsonSchema = "json_schema";

    /// <summary>0 to 1, as a model judges it by the sample's rubric.</summary>
    public const string Rubric = "rubric";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Exact, JsonSchema, Rubric];
}
