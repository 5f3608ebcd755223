using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Reliability;

/// <summary>When a deployment is left alone. What is null is the default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BreakerSettings
{
    /// <summary>Failures in a row.</summary>
    public const int DefaultFailures = 5;

    /// <summary>Share of requests that fail, in percent.</summary>
    public const int DefaultFailurePercent = 50;

    /// <summary>Requests in the window before a share says anything.</summary>
    public const int DefaultMinimumRequests = 20;

    /// <summary>Seconds over which the share is counted.</summary>
    public const int DefaultWindowSeconds = 30;

    /// <summary>Seconds for which it is left alone.</summary>
    public const int DefaultOpenSeconds = 60;

    /// <summary>Failures in a row, 1 to 1,000; 0 = they do not count.</summary>
    public int? Failures { get; init; }

    /// <summary>Share of requests that fail in the window, 1 to 100; 0 = it does not count.</summary>
    public int? FailurePercent { get; init; }

    /// <summary>Requests in the window before the share counts, 1 to 10,000.</summary>
    public int? MinimumRequests { get; init; }

    /// <summary>The window, 1 to 600 seconds.</summary>
    public int? WindowSeconds { get; init; }

    /// <summary>Longest p95 of the time to an answer's beginning, in milliseconds, 10 to 600,000; null = speed does not count.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>How long it is left alone, 1 to 3,600 seconds.</summary>
    public int? OpenSeconds { get; init; }

    /// <summary>Whether somebody took it out by hand until they put it back.</summary>
    public bool IsHeldOpen { get; init; }

    /// <summary>When somebody last closed it by hand: what was known of it before counts no more.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Why, for either; null = nobody did.</summary>
    public string? Reason { get; init; }

    /// <summary>Who did; null = nobody.</summary>
    public string? By { get; init; }

    /// <summary>Whether it is called now and then to see how it is; off by default.</summary>
    public HealthProbe? Probe { get; init; }
}

/// <summary>A look at a deployment on a schedule.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HealthProbe
{
    /// <summary>Seconds between two looks, 5 to 3,600.</summary>
    public int EverySeconds { get => field == 0 ? 30 : field; init; }

    /// <summary>Path behind the base URL that is asked for with GET, such as <c>/models</c>.</summary>
    public string Path { get => field ?? "/models"; init; }
}
