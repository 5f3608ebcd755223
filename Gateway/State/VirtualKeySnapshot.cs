namespace AspireGateway.Gateway.State;

/// <summary>A virtual key as the data plane needs it.</summary>
internal sealed class VirtualKeySnapshot
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The same as text, as limits name it.</summary>
    public string IdText => field ??= Id.ToString();

    /// <summary>Who pays.</summary>
    public required Guid OrganisationId { get; init; }

    /// <summary>Its team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>First characters of the secret.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the secret, 32 bytes.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>Model patterns within the team's; empty = all of the team's.</summary>
    public required string[] AllowedModels { get; init; }

    /// <summary>Region patterns within the team's; empty = all of the team's.</summary>
    public string[] AllowedRegions { get; init; } = [];

    /// <summary>Logical model for requests that name none.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Feature that all its requests are booked on.</summary>
    public string? Feature { get; init; }

    /// <summary>End user that all its requests are booked on.</summary>
    public string? UserId { get; init; }

    /// <summary>Agent that all its requests are booked on.</summary>
    public string? Agent { get; init; }

    /// <summary>Whose requests go first: its place in <see cref="Shared.Domain.Limits.PriorityClasses.All"/>, 0 = shed first.</summary>
    public byte Priority { get; init; } = 1;

    /// <summary>What is held against budgets; of <see cref="Shared.Domain.Limits.HoldPolicies"/>.</summary>
    public string HoldPolicy { get; init; } = Shared.Domain.Limits.HoldPolicies.Exact;

    /// <summary>A request that may cost more needs an approval, in nano-USD; null = as the team's.</summary>
    public long? ApprovalThresholdNanoUsd { get; init; }

    /// <summary>What becomes of such a request; null = as the team's.</summary>
    public string? ApprovalAction { get; init; }

    /// <summary>The cheaper model that it may go to instead.</summary>
    public string? ApprovalModel { get; init; }

    /// <summary>The least that guardrails do for its requests; of <see cref="Shared.Domain.Guardrails.GuardrailLevels.Floors"/>, null = as policies and the team say.</summary>
    public string? GuardrailLevel { get; init; }

    /// <summary>Largest JSON body, in bytes.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Largest multipart body, in bytes.</summary>
    public long? MaxMultipartBytes { get; init; }

    /// <summary>Refused from then on.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Refused from then on.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}
