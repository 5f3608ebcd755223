using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.Reliability;

/// <summary>How hard a model tries, and where its requests go when it fails; what is missing is as the gateway has it. Times in milliseconds.</summary>
public sealed record ModelReliabilityRequest
{
    /// <summary>Attempts after the first round, 0 to 10.</summary>
    public int? Retries { get; init; }

    /// <summary>Time to open a connection, 100 to 60,000; the provider's holds where it is less.</summary>
    public int? ConnectTimeoutMs { get; init; }

    /// <summary>Time to a stream's first event, or to a whole answer's first byte, 100 to 3,600,000.</summary>
    public int? FirstTokenTimeoutMs { get; init; }

    /// <summary>Longest silence inside an answer, 100 to 3,600,000.</summary>
    public int? IdleTimeoutMs { get; init; }

    /// <summary>Time for everything, 1,000 to 3,600,000.</summary>
    public int? TotalTimeoutMs { get; init; }

    /// <summary>Time that an answer may take to begin before faster deployments are preferred, 10 to 600,000.</summary>
    public int? LatencyBudgetMs { get; init; }

    /// <summary>When a second deployment is asked beside a slow first one; missing = never. An empty object = as usual.</summary>
    public HedgeRequest? Hedge { get; init; }

    /// <summary>Where requests go, in order; at most 5.</summary>
    public IReadOnlyList<FallbackRequest>? Fallbacks { get; init; }

    /// <summary>What callers get when nobody is left; missing = the last failure.</summary>
    public DegradationRequest? Degradation { get; init; }
}

/// <summary>What callers get when nobody is left to ask.</summary>
public sealed record DegradationRequest
{
    /// <summary><c>error</c>, or <c>canned</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The canned answer, 1 to 4,000 characters.</summary>
    public string? Text { get; init; }
}

/// <summary>Hedging of a latency-critical model; what is missing is as usual.</summary>
public sealed record HedgeRequest
{
    /// <summary>The second is asked no sooner than after so many milliseconds, 1 to 600,000; usually 100.</summary>
    public int? AfterAtLeastMs { get; init; }

    /// <summary>The second is asked no later than after so many milliseconds, 1 to 600,000; usually 5,000. As long as the first's usual time is unknown this is the time.</summary>
    public int? AfterAtMostMs { get; init; }

    /// <summary>Most hedges in 100 requests, 1 to 50; usually 10.</summary>
    public int? MostPercent { get; init; }

    /// <summary>The settings, checked.</summary>
    internal HedgeSettings Read(Configuration.FieldChecks checks)
    {
        checks.Must(AfterAtLeastMs is null or (>= 1 and <= 600_000), "hedge", "after_at_least_ms must be between 1 and 600000.");
        checks.Must(AfterAtMostMs is null or (>= 1 and <= 600_000), "hedge", "after_at_most_ms must be between 1 and 600000.");
        checks.Must(MostPercent is null or (>= 1 and <= 50), "hedge", "most_percent must be between 1 and 50.");
        if (AfterAtMostMs < AfterAtLeastMs) checks.Add("hedge", "after_at_most_ms must be at least after_at_least_ms.");
        return new() { AfterAtLeastMs = AfterAtLeastMs, AfterAtMostMs = AfterAtMostMs, MostPercent = MostPercent };
    }
}

/// <summary>A place for requests and the failures that lead there; with no condition: 500, 502, 503, 504, 529, failed connections and time-outs.</summary>
public sealed record FallbackRequest
{
    /// <summary>A logical model, or <c>provider/model</c>.</summary>
    public string? To { get; init; }

    /// <summary>HTTP statuses, 400 to 599.</summary>
    public IReadOnlyList<int>? Status { get; init; }

    /// <summary>Time-outs.</summary>
    public bool? Timeout { get; init; }

    /// <summary>The prompt is longer than the model's context.</summary>
    public bool? ContextLength { get; init; }

    /// <summary>The provider's content filter refused.</summary>
    public bool? ContentFilter { get; init; }

    /// <summary>A budget has no room.</summary>
    public bool? Budget { get; init; }

    /// <summary>All others failed.</summary>
    public bool? AllFailed { get; init; }

    /// <summary>The leg.</summary>
    internal FallbackLeg ToLeg(string to) => new()
    {
        To = to, Status = [.. (Status ?? []).Distinct().Order()], Timeout = Timeout ?? false, ContextLength = ContextLength ?? false, ContentFilter = ContentFilter ?? false,
        Budget = Budget ?? false, AllFailed = AllFailed ?? false,
    };
}
