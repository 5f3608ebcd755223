namespace AspireGateway.Shared.Domain;

/// <summary>A group of people and keys inside an organisation. Its values are the ceiling of its keys.</summary>
public sealed class Team
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Short name in URLs and metrics; unique in the organisation.</summary>
    public required string Slug { get; set; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; set; }

    /// <summary>Model patterns (see <see cref="ModelPattern"/>) that the team may use; empty = every model of the organisation.</summary>
    public string[] AllowedModels { get; set; } = [];

    /// <summary>Region patterns (<c>eu-*</c>) in which its requests may be processed; empty = any region.</summary>
    public string[] AllowedRegions { get; set; } = [];

    /// <summary>Logical model for requests that name none and whose key sets none.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>A request that may cost more than this needs an approval, in nano-USD; null = none does. A key's own threshold wins when it is lower.</summary>
    public long? ApprovalThresholdNanoUsd { get; set; }

    /// <summary>What becomes of such a request; of <see cref="Limits.ApprovalActions"/>. Null = it waits.</summary>
    public string? ApprovalAction { get; set; }

    /// <summary>The cheaper logical model; for <see cref="Limits.ApprovalActions.Cheaper"/>.</summary>
    public string? ApprovalModel { get; set; }

    /// <summary>The least that guardrails do for requests of its keys; of <see cref="Guardrails.GuardrailLevels.Floors"/>, null = as policies say.</summary>
    public string? GuardrailLevel { get; set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it was put away; its keys are refused from then on. Null = active.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }
}
