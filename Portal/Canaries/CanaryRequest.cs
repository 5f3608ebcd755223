using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Canaries;

/// <summary>A new canary.</summary>
public sealed record CreateCanaryRequest
{
    /// <summary>The logical model whose traffic is split.</summary>
    public string? Model { get; init; }

    /// <summary>Where a part of it goes: the id or name of a deployment, one of the model's or another one.</summary>
    public string? Deployment { get; init; }

    /// <summary>What keeps a caller in the same arm: <c>user</c> (also when missing; the key where no user is named), <c>key</c>, or <c>request</c> for each by itself.</summary>
    public string? Sticky { get; init; }

    /// <summary>The ramp, 1 to 20 steps of growing shares; minutes are the least time in each step but the last.</summary>
    public IReadOnlyList<CanaryStep>? Steps { get; init; }

    /// <summary>Least requests that the canary must have served in a step before the next one, 1 to 1,000,000; missing = 100.</summary>
    public int? MinRequests { get; init; }

    /// <summary>
    /// How much worse it may be before it is rolled back: error rate as a share on top (0.02 = two points), p95 latency and cost per request as ratios, mean of votes as a drop. Missing = 0.02,
    /// 1.3, 1.15, 0.05; what is null in it is not watched.
    /// </summary>
    public CanaryGuards? Guards { get; init; }
}

/// <summary>Why a canary is ended.</summary>
public sealed record AbortCanaryRequest
{
    /// <summary>For those who read the audit, at most 500 characters.</summary>
    public string? Reason { get; init; }
}
