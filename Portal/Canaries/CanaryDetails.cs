using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Canaries;

/// <summary>A canary as commands and the audit show it.</summary>
public record CanaryDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The logical model.</summary>
    public required string Model { get; init; }

    /// <summary>Where its part goes.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>What keeps a caller in the same arm; of <see cref="CanaryStickiness"/>.</summary>
    public required string Sticky { get; init; }

    /// <summary>The ramp, one step or more.</summary>
    public required IReadOnlyList<CanaryStep> Steps { get; init; }

    /// <summary>Least requests that the canary must have served in a step before the next one.</summary>
    public required int MinRequests { get; init; }

    /// <summary>How much worse it may be; what is null is not watched.</summary>
    public required CanaryGuards Guards { get; init; }

    /// <summary>Of <see cref="CanaryStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it ended: a guard (of <see cref="CanaryReasons"/>), or what somebody said.</summary>
    public string? Reason { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who began it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it ended; null = it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who ended it; <c>gateway</c> = it rolled itself back.</summary>
    public string? EndedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static CanaryDetails Of(Canary c) => new()
    {
        Id = c.Id, Model = c.Model, DeploymentId = c.DeploymentId, Sticky = c.Sticky, Steps = StepsOf(c.Shares, c.DwellSeconds), MinRequests = c.MinRequests,
        Guards = new(c.MaxErrorIncrease, c.MaxLatencyRatio, c.MaxCostRatio, c.MaxQualityDrop), Status = c.Status, Reason = c.Reason, CreatedAt = c.CreatedAt,
        CreatedBy = c.CreatedBy, EndedAt = c.EndedAt, EndedBy = c.EndedBy,
    };

    /// <summary>A ramp from its columns.</summary>
    internal static IReadOnlyList<CanaryStep> StepsOf(int[] shares, int[] dwell) =>
        [.. shares.Select((share, i) => new CanaryStep(share / 100m, i == shares.Length - 1 ? null : dwell[i] / 60m))];
}

/// <summary>A step of a ramp.</summary>
/// <param name="Percent">Share of the model's requests, 0.01 to 100.</param>
/// <param name="Minutes">Least time until the next step, 0 to 43,200; null in the last one.</param>
public sealed record CanaryStep(decimal? Percent, decimal? Minutes);

/// <summary>A canary in the list, with how its arms stand now.</summary>
public sealed record CanaryRow : CanaryDetails
{
    /// <summary>Name of its deployment.</summary>
    public required string Deployment { get; init; }

    /// <summary>The step that runs, from 1; null = nobody counted yet, or the store of counts is away.</summary>
    public int? Step { get; init; }

    /// <summary>When the step began.</summary>
    public DateTimeOffset? StepAt { get; init; }

    /// <summary>Requests that the canary served in the step.</summary>
    public double StepRequests { get; init; }

    /// <summary>The guard that was broken, before the portal wrote it down.</summary>
    public string? Broken { get; init; }

    /// <summary>How the canary does; null = nobody counted yet, or the store of counts is away.</summary>
    public ArmStanding? Canary { get; init; }

    /// <summary>How the rest does.</summary>
    public ArmStanding? Baseline { get; init; }
}

/// <summary>How an arm of a canary does, over all gateways.</summary>
public sealed record ArmStanding
{
    /// <summary>Requests that ended.</summary>
    public required double Requests { get; init; }

    /// <summary>Those that failed.</summary>
    public required double Errors { get; init; }

    /// <summary>Share that failed.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public required double ErrorRateLow { get; init; }

    /// <summary>Upper end of its 95 % interval.</summary>
    public required double ErrorRateHigh { get; init; }

    /// <summary>The p95 latency in milliseconds; null = none was served.</summary>
    public double? P95Ms { get; init; }

    /// <summary>Mean cost of a request in USD; null = none is known.</summary>
    public double? CostUsd { get; init; }

    /// <summary>Mean of the votes, 0 to 1; null = there is none.</summary>
    public double? Quality { get; init; }

    /// <summary>Of its counts. The interval is Wilson's, which holds for small counts as well.</summary>
    public static ArmStanding Of(Shared.Canaries.ArmCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var (n, rate) = (counts.Requests, counts.ErrorRate);
        var (low, high) = Shared.Domain.Quality.WilsonInterval.Of(rate, n);
        return new()
        {
            Requests = n, Errors = counts.Errors, ErrorRate = rate, ErrorRateLow = low, ErrorRateHigh = high, P95Ms = counts.P95Ms,
            CostUsd = counts.Costs > 0 ? counts.MeanCost / 1e6 : null, Quality = counts.Votes > 0 ? counts.VoteSum / counts.Votes : null,
        };
    }
}
