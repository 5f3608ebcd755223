using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Reliability;

/// <summary>How hard a logical model tries, and where its requests go when it fails. What is null is as the gateway has it. Times in milliseconds.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelReliability
{
    /// <summary>Attempts after the first round of all candidates, 0 to 10.</summary>
    public int? Retries { get; init; }

    /// <summary>Time to open a connection, 100 to 60,000; else the provider's.</summary>
    public int? ConnectTimeoutMs { get; init; }

    /// <summary>Time to a stream's first event, or to a whole answer's first byte, 100 to 3,600,000.</summary>
    public int? FirstTokenTimeoutMs { get; init; }

    /// <summary>Longest silence inside an answer, 100 to 3,600,000; else the provider's.</summary>
    public int? IdleTimeoutMs { get; init; }

    /// <summary>Time for everything, to the last byte of a stream, 1,000 to 3,600,000.</summary>
    public int? TotalTimeoutMs { get; init; }

    /// <summary>Time that an answer may take to begin, 10 to 600,000: who usually takes longer is passed over while a faster one can serve.</summary>
    public int? LatencyBudgetMs { get; init; }

    /// <summary>When a second deployment is asked beside a slow first one; null = never.</summary>
    public HedgeSettings? Hedge { get; init; }

    /// <summary>Where requests go when the model's own deployments fail, in order; 5 at most.</summary>
    // Generated readers of JSON assign what is missing, too: an initial value would be lost.
    public IReadOnlyList<FallbackLeg> Fallbacks { get => field ?? []; init; }

    /// <summary>What callers get when nobody is left; null = the last failure.</summary>
    public DegradationSettings? Degradation { get; init; }
}

/// <summary>
/// One more place for requests, and for which failures. With no condition: statuses 500, 502, 503, 504 and 529, connections that fail (they count as 503),
/// answers that are none (502), and time-outs.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FallbackLeg
{
    /// <summary>A logical model, or <c>provider/model</c>.</summary>
    public required string To { get; init; }

    /// <summary>HTTP statuses of the provider, 400 to 599.</summary>
    public IReadOnlyList<int> Status { get => field ?? []; init; }

    /// <summary>Time-outs, the provider's own (408, 504) among them.</summary>
    public bool Timeout { get; init; }

    /// <summary>The prompt is longer than the model's context.</summary>
    public bool ContextLength { get; init; }

    /// <summary>The provider's content filter refused.</summary>
    public bool ContentFilter { get; init; }

    /// <summary>A budget has no room for the request.</summary>
    public bool Budget { get; init; }

    /// <summary>All others have failed for whatever reason, retries included.</summary>
    public bool AllFailed { get; init; }

    /// <summary>Whether it says when.</summary>
    [JsonIgnore]
    public bool HasCondition => Status.Count > 0 || Timeout || ContextLength || ContentFilter || Budget || AllFailed;
}
