namespace AspireGateway.Shared.Domain.Routing;

/// <summary>A part of a model's traffic goes to another deployment, until it is promoted, aborted, or rolls itself back.</summary>
public sealed class Canary
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The logical model; at most one canary of it runs.</summary>
    public required string Model { get; set; }

    /// <summary>Where its part goes.</summary>
    public Guid DeploymentId { get; set; }

    /// <summary>What keeps a caller in the same arm; of <see cref="CanaryStickiness"/>.</summary>
    public string Sticky { get; set; } = CanaryStickiness.User;

    /// <summary>Share of each step, in hundredths of a percent, 1 to 10,000; at least one step.</summary>
    public int[] Shares { get; set; } = [];

    /// <summary>Least time of each step but the last, in seconds.</summary>
    public int[] DwellSeconds { get; set; } = [];

    /// <summary>Least requests that the canary must have served in a step before the next one.</summary>
    public int MinRequests { get; set; }

    /// <summary>By how much its error rate may be higher, as a share (0.02 = two points); null = not watched.</summary>
    public double? MaxErrorIncrease { get; set; }

    /// <summary>How many times the baseline's its p95 latency may be; null = not watched.</summary>
    public double? MaxLatencyRatio { get; set; }

    /// <summary>How many times the baseline's its cost per request may be; null = not watched.</summary>
    public double? MaxCostRatio { get; set; }

    /// <summary>By how much its mean of votes (0 to 1) may be lower; null = not watched.</summary>
    public double? MaxQualityDrop { get; set; }

    /// <summary>Of <see cref="CanaryStatuses"/>.</summary>
    public string Status { get; set; } = CanaryStatuses.Running;

    /// <summary>Why it ended; null = it runs, or nobody said.</summary>
    public string? Reason { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who began it.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>When it ended; null = it runs.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Who ended it.</summary>
    public string? EndedBy { get; set; }
}

/// <summary>How much worse a canary may be; null = not watched.</summary>
/// <param name="MaxErrorIncrease">By how much its error rate may be higher, as a share.</param>
/// <param name="MaxLatencyRatio">How many times the baseline's its p95 latency may be.</param>
/// <param name="MaxCostRatio">How many times the baseline's its cost per request may be.</param>
/// <param name="MaxQualityDrop">By how much its mean of votes may be lower.</param>
public sealed record CanaryGuards(double? MaxErrorIncrease, double? MaxLatencyRatio, double? MaxCostRatio, double? MaxQualityDrop)
{
    /// <summary>What holds where nothing is said.</summary>
    public static readonly CanaryGuards Default = new(0.02, 1.3, 1.15, 0.05);
}

/// <summary>What keeps a caller in the same arm.</summary>
public static class CanaryStickiness
{
    /// <summary>The end user, or the key where none is named.</summary>
    public const string User = "user";

    /// <summary>The virtual key.</summary>
    public const string Key = "key";

    /// <summary>Nothing: each request by itself.</summary>
    public const string Request = "request";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [User, Key, Request];
}

/// <summary>How a canary stands.</summary>
public static class CanaryStatuses
{
    /// <summary>Its part of the traffic goes to it.</summary>
    public const string Running = "running";

    /// <summary>It became the model's first deployment.</summary>
    public const string Promoted = "promoted";

    /// <summary>Somebody ended it.</summary>
    public const string Aborted = "aborted";

    /// <summary>A guard was broken and gateways ended it.</summary>
    public const string RolledBack = "rolled_back";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Running, Promoted, Aborted, RolledBack];
}

/// <summary>Which guard a canary broke.</summary>
public static class CanaryReasons
{
    /// <summary>More of its requests failed.</summary>
    public const string ErrorRate = "error_rate";

    /// <summary>Its p95 latency is higher.</summary>
    public const string Latency = "latency_p95";

    /// <summary>Its requests cost more.</summary>
    public const string Cost = "cost_per_request";

    /// <summary>Its replies are voted lower.</summary>
    public const string Quality = "quality";
}
