using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>A run to be estimated.</summary>
public sealed record PlanBenchmarkRequest
{
    /// <summary>The sample set.</summary>
    public Guid? SetId { get; init; }

    /// <summary>How answers are judged, one that the set serves: <c>exact</c>, <c>json_schema</c> or <c>rubric</c>; missing = the set's first.</summary>
    public string? Metric { get; init; }

    /// <summary>1 to 8 models as callers name them: logical models or <c>provider/model</c>.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>The model that judges; with <c>rubric</c> only, and better none of those that are measured.</summary>
    public string? Judge { get; init; }

    /// <summary>The team whose budgets and limits the run is under.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>How many samples, from the set's first on; missing = all. Samples times models are at most 5,000.</summary>
    public int? Samples { get; init; }

    /// <summary>Most tokens of an answer, 1 to 32,768; missing = 512.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Requests at the same time, 1 to 16; missing = 4.</summary>
    public int? Concurrency { get; init; }

    /// <summary>True: answers are kept for seven days. Missing = they are judged and forgotten.</summary>
    public bool? KeepReplies { get; init; }
}

/// <summary>What a run may cost: with it somebody who saw the estimate lets it begin.</summary>
public sealed record StartBenchmarkRequest
{
    /// <summary>Its ceiling in dollars; this or <c>ceiling_nano_usd</c>. A request that could pass it is not sent.</summary>
    public UsdAmount? CeilingUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? CeilingNanoUsd { get; init; }
}
