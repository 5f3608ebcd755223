using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.Reliability;

/// <summary>A deployment: where its circuit stands, and how it did. Times in microseconds.</summary>
public sealed record ReliabilityRow
{
    /// <summary>The deployment.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its provider.</summary>
    public required string Provider { get; init; }

    /// <summary><c>closed</c>, <c>recovering</c>, <c>resting</c>, <c>open</c>, <c>half_open</c> (open, and looked at again), <c>standing_in</c> (ramped up for one that is left alone), or <c>taken_out</c> (by hand).</summary>
    public required string State { get; init; }

    /// <summary>What it did last; null = nothing in the last 30 days.</summary>
    public CircuitEventRow? Last { get; init; }

    /// <summary>Names of its credentials that their provider refuses, so that it goes on with the others.</summary>
    public IReadOnlyList<string> RefusedCredentials { get; init; } = [];

    /// <summary>When it opens; what is null is the default.</summary>
    public required BreakerSettings Breaker { get; init; }

    /// <summary>Attempts in the time that was asked for.</summary>
    public long Attempts { get; init; }

    /// <summary>Those that failed, or broke off.</summary>
    public long Failed { get; init; }

    /// <summary>Those after which another deployment answered.</summary>
    public long FellBack { get; init; }

    /// <summary>Median time of its answers; null = there was none.</summary>
    public long? P50Us { get; init; }

    /// <summary>The time that 95 % of its answers kept to.</summary>
    public long? P95Us { get; init; }

    /// <summary>The time that 99 % kept to.</summary>
    public long? P99Us { get; init; }

    /// <summary>The time to the first token that 95 % of its streams kept to.</summary>
    public long? TtftP95Us { get; init; }
}

/// <summary>Something that a circuit did, or that became of a credential.</summary>
public sealed record CircuitEventRow
{
    /// <summary>Which event.</summary>
    public required Guid Id { get; init; }

    /// <summary>The deployment.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Deployment { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>closed</c>, <c>recovering</c>, <c>resting</c>, <c>open</c> or <c>standing_in</c>; or <c>credential_refused</c>: it goes on with its others.</summary>
    public required string State { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Until when; null = until something happens.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The gateway that saw it, or <c>portal</c>; empty = not known.</summary>
    public required string Gateway { get; init; }
}
