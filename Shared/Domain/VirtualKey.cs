namespace AspireGateway.Shared.Domain;

/// <summary>The credential that an application shows to the gateway. The secret itself is never stored, only its SHA-256.</summary>
public sealed class VirtualKey
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The team that pays for it.</summary>
    public Guid TeamId { get; set; }

    /// <summary>The person who owns it; null for keys of services.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>Name that people read; unique among the team's live keys.</summary>
    public required string Name { get; set; }

    /// <summary>First characters of the secret, enough to recognise it in a list and too few to guess it.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the whole secret, 32 bytes.</summary>
    public required byte[] SecretHash { get; set; }

    /// <summary>Model patterns (see <see cref="ModelPattern"/>) that this key may use, within the team's; empty = all of the team's.</summary>
    public string[] AllowedModels { get; set; } = [];

    /// <summary>Region patterns (<c>eu-*</c>) in which its requests may be processed, within the team's; empty = all of the team's.</summary>
    public string[] AllowedRegions { get; set; } = [];

    /// <summary>Logical model for requests that name none.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>Feature that all requests of this key are booked on; null = the caller names it in <c>x-gateway-feature</c>.</summary>
    public string? Feature { get; set; }

    /// <summary>End user that all requests of this key are booked on; null = the caller names them. A pin keeps limits per user from being evaded.</summary>
    public string? UserId { get; set; }

    /// <summary>Agent that all requests of this key are booked on; null = the caller names it in <c>x-gateway-agent</c>.</summary>
    public string? Agent { get; set; }

    /// <summary>Whose requests go first when there is not room for all; of <see cref="Limits.PriorityClasses"/>.</summary>
    public string Priority { get; set; } = Limits.PriorityClasses.Normal;

    /// <summary>What is held against budgets while a request runs; of <see cref="Limits.HoldPolicies"/>.</summary>
    public string HoldPolicy { get; set; } = Limits.HoldPolicies.Exact;

    /// <summary>A request that may cost more than this needs an approval, in nano-USD; null = as the team's.</summary>
    public long? ApprovalThresholdNanoUsd { get; set; }

    /// <summary>What becomes of such a request; of <see cref="Limits.ApprovalActions"/>. Null = as the team's.</summary>
    public string? ApprovalAction { get; set; }

    /// <summary>The cheaper logical model; for <see cref="Limits.ApprovalActions.Cheaper"/>.</summary>
    public string? ApprovalModel { get; set; }

    /// <summary>The least that guardrails do for its requests; of <see cref="Guardrails.GuardrailLevels.Floors"/>, null = as policies and the team say.</summary>
    public string? GuardrailLevel { get; set; }

    /// <summary>Largest JSON body in bytes; null = the gateway's default (32 MB).</summary>
    public long? MaxBodyBytes { get; set; }

    /// <summary>Largest multipart body in bytes; null = the gateway's default (100 MB).</summary>
    public long? MaxMultipartBytes { get; set; }

    /// <summary>From this moment on it is refused; null = no expiry.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was revoked; null = live. A revocation in the future is the end of a rotation's overlap.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The key that this one replaces by rotation.</summary>
    public Guid? RotatedFromId { get; set; }

    /// <summary>When it was issued.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who issued it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}
