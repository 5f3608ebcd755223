using AspireGateway.Portal.Alerts.Brakes;

namespace AspireGateway.Portal.Alerts;

/// <summary>Something that was unusual for a time.</summary>
public sealed record AlertRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is about; of <see cref="AlertKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which one: a guardrail's or provider's name, a gateway, or <c>key:ID</c>, <c>feature:NAME</c> and so on.</summary>
    public required string Subject { get; init; }

    /// <summary>The subject's name for people when it was raised; null = its own.</summary>
    public string? SubjectName { get; init; }

    /// <summary>How soon somebody has to look; of <see cref="AlertTiers"/>.</summary>
    public required string Tier { get; init; }

    /// <summary>What was measured, the largest since it was raised.</summary>
    public required double Value { get; init; }

    /// <summary>What was measured last.</summary>
    public required double Latest { get; init; }

    /// <summary>What was usual when it was raised.</summary>
    public required double Usual { get; init; }

    /// <summary>From which value it was raised.</summary>
    public required double Threshold { get; init; }

    /// <summary>What is usual was learned from: <c>seasonal</c> = the same hour of the weeks before, <c>recent</c> = its last days; null = the threshold is fixed.</summary>
    public string? Learned { get; init; }

    /// <summary>From how many hours it was learned.</summary>
    public required int Samples { get; init; }

    /// <summary>Until when it is muted; null = it is not.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>When it was raised.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was over; null = it is not.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When somebody took it on; null = nobody did.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Who took it on.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>What a policy did about it; null = nothing.</summary>
    public KeyBrakeDetails? Action { get; init; }
}
