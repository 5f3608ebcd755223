using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Keys;

/// <summary>A virtual key as commands and the audit show it: never its secret, never its hash.</summary>
public record KeyDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The team that pays for it.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The person who owns it; null for keys of services.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Name that people read; unique among the team's keys that are not revoked.</summary>
    public required string Name { get; init; }

    /// <summary>First characters of the secret, to recognise it.</summary>
    public required string Prefix { get; init; }

    /// <summary>Model patterns it may use, within the team's; empty = all of the team's.</summary>
    public required IReadOnlyList<string> AllowedModels { get; init; }

    /// <summary>Region patterns in which its requests may be processed, within the team's; empty = all of the team's.</summary>
    public IReadOnlyList<string> AllowedRegions { get; init; } = [];

    /// <summary>The least that guardrails do for its requests, <c>standard</c> or <c>strict</c>; null = as policies and the team say.</summary>
    public string? GuardrailLevel { get; init; }

    /// <summary>Model of requests that name none; null = the team's.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Feature that all its requests are booked on; null = the caller names it.</summary>
    public string? Feature { get; init; }

    /// <summary>End user that all its requests are booked on; null = the caller names them.</summary>
    public string? UserId { get; init; }

    /// <summary>Agent that all its requests are booked on; null = the caller names it.</summary>
    public string? Agent { get; init; }

    /// <summary>Whose requests go first; of <see cref="PriorityClasses"/>.</summary>
    public string Priority { get; init; } = PriorityClasses.Normal;

    /// <summary>What is held against budgets while a request runs; of <see cref="HoldPolicies"/>.</summary>
    public string HoldPolicy { get; init; } = HoldPolicies.Exact;

    /// <summary>A request that may cost more needs an approval, in dollars; null = as the team's.</summary>
    public string? ApprovalThresholdUsd => UsdAmount.Text(ApprovalThresholdNanoUsd);

    /// <summary>The same in nano-USD.</summary>
    public long? ApprovalThresholdNanoUsd { get; init; }

    /// <summary>What becomes of such a request; null = as the team's.</summary>
    public string? ApprovalAction { get; init; }

    /// <summary>The cheaper model.</summary>
    public string? ApprovalModel { get; init; }

    /// <summary>Largest JSON body in bytes; null = the gateway's default.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Largest multipart body in bytes; null = the gateway's default.</summary>
    public long? MaxMultipartBytes { get; init; }

    /// <summary>From then on it is refused; null = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked, or will be at the end of a rotation's overlap; null = live.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The key that it replaces.</summary>
    public Guid? RotatedFromId { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who issued it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static KeyDetails Of(VirtualKey k) => new()
    {
        Id = k.Id, TeamId = k.TeamId, OwnerId = k.OwnerId, Name = k.Name, Prefix = k.Prefix, AllowedModels = k.AllowedModels, AllowedRegions = k.AllowedRegions, DefaultModel = k.DefaultModel,
        Feature = k.Feature, UserId = k.UserId, Agent = k.Agent, Priority = k.Priority, HoldPolicy = k.HoldPolicy, GuardrailLevel = k.GuardrailLevel,
        ApprovalThresholdNanoUsd = k.ApprovalThresholdNanoUsd, ApprovalAction = k.ApprovalAction, ApprovalModel = k.ApprovalModel,
        MaxBodyBytes = k.MaxBodyBytes, MaxMultipartBytes = k.MaxMultipartBytes, ExpiresAt = k.ExpiresAt, RevokedAt = k.RevokedAt,
        RotatedFromId = k.RotatedFromId, CreatedAt = k.CreatedAt, CreatedBy = k.CreatedBy,
    };
}

/// <summary>A key in the list.</summary>
public sealed record KeyRow : KeyDetails
{
    /// <summary>Its team's name.</summary>
    public required string TeamName { get; init; }

    /// <summary>One of <see cref="KeyStates"/>, as of now.</summary>
    public required string State { get; init; }

    /// <summary>When a gateway last served it; null = never. May lag by seconds.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>What a policy about anomalies holds it to now; null = nothing.</summary>
    public KeyBrakeDetails? Anomaly { get; init; }
}

/// <summary>A new secret. The only time it is shown.</summary>
public sealed record IssuedKey
{
    /// <summary>The key.</summary>
    public required KeyDetails Key { get; init; }

    /// <summary>The whole secret; it cannot be shown again.</summary>
    public required string Secret { get; init; }

    // Records print their members; this one must not reach a log.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("Key = ").Append(Key.Id);
        return true;
    }
}
