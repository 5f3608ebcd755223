namespace AspireGateway.Portal.Reliability;

/// <summary>When a deployment is left alone; what is missing is the default.</summary>
public sealed record BreakerRequest
{
    /// <summary>Failures in a row, 1 to 1,000; 0 = they do not count.</summary>
    public int? Failures { get; init; }

    /// <summary>Share of requests that fail in the window, in percent; 0 = it does not count.</summary>
    public int? FailurePercent { get; init; }

    /// <summary>Requests in the window before the share counts, 1 to 10,000.</summary>
    public int? MinimumRequests { get; init; }

    /// <summary>The window, 1 to 600 seconds.</summary>
    public int? WindowSeconds { get; init; }

    /// <summary>Longest p95 of the time to an answer's beginning, in milliseconds, 10 to 600,000; missing = speed does not count.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>How long it is left alone, 1 to 3,600 seconds.</summary>
    public int? OpenSeconds { get; init; }

    /// <summary>Seconds between two looks by <see cref="ProbePath"/>, 5 to 3,600; missing = nobody looks but requests.</summary>
    public int? ProbeEverySeconds { get; init; }

    /// <summary>Path behind the provider's base URL that a look asks for with GET; missing = <c>/models</c>.</summary>
    public string? ProbePath { get; init; }
}

/// <summary>Why somebody opens or closes a circuit.</summary>
public sealed record CircuitOrderRequest
{
    /// <summary>Why, 1 to 500 characters; it stands in the audit and on the page.</summary>
    public string? Reason { get; init; }
}
