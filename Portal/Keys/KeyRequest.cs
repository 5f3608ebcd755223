using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Keys;

/// <summary>What may be set of a key; what is missing becomes empty.</summary>
public abstract record KeyValuesRequest
{
    /// <summary>Name that people read, 1 to 100 characters; unique among the team's keys that are not revoked.</summary>
    public string? Name { get; init; }

    /// <summary>Model patterns it may use, each within the team's; missing or empty = all of the team's.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Region patterns in which its requests may be processed, e.g. <c>eu-*</c>, within the team's; missing or empty = all of the team's.</summary>
    public IReadOnlyList<string>? AllowedRegions { get; init; }

    /// <summary>Model of requests that name none; missing = the team's.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Feature that all its requests are booked on; missing = the caller names it.</summary>
    public string? Feature { get; init; }

    /// <summary>End user that all its requests are booked on, 1 to 128 characters; missing = the caller names them.</summary>
    public string? UserId { get; init; }

    /// <summary>Agent that all its requests are booked on, 1 to 128 characters; missing = the caller names it.</summary>
    public string? Agent { get; init; }

    /// <summary>Whose requests go first when there is not room for all: <c>low</c>, <c>normal</c> (also when missing) or <c>high</c>, which is not for developers to give.</summary>
    public string? Priority { get; init; }

    /// <summary>What is held against budgets while a request runs: <c>exact</c> (also when missing), <c>learned</c> or <c>soft</c>; the latter two are for admins to give, as budgets may be overspent then.</summary>
    public string? HoldPolicy { get; init; }

    /// <summary>A request that may cost more needs an approval, in dollars; this or <c>approval_threshold_nano_usd</c>; missing = as the team's.</summary>
    public UsdAmount? ApprovalThresholdUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public long? ApprovalThresholdNanoUsd { get; init; }

    /// <summary>What becomes of such a request: <c>wait</c> or <c>cheaper</c>; missing = as the team's.</summary>
    public string? ApprovalAction { get; init; }

    /// <summary>The cheaper model; with <c>cheaper</c> only.</summary>
    public string? ApprovalModel { get; init; }

    /// <summary>The least that guardrails do for its requests: <c>standard</c> or <c>strict</c>; missing = as policies and the team say. It makes stricter only.</summary>
    public string? GuardrailLevel { get; init; }

    /// <summary>Largest JSON body in bytes, 1 KiB to 1 GiB; missing = the gateway's default.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Largest multipart body in bytes, 1 KiB to 1 GiB; missing = the gateway's default.</summary>
    public long? MaxMultipartBytes { get; init; }

    /// <summary>From then on it is refused; in the future, or the moment it has already; missing = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A new virtual key.</summary>
public sealed record IssueKeyRequest : KeyValuesRequest
{
    /// <summary>The team that pays for it.</summary>
    public Guid? TeamId { get; init; }
}

/// <summary>New values of a key; what is missing becomes empty. Team and secret stay.</summary>
public sealed record UpdateKeyRequest : KeyValuesRequest;

/// <summary>How to rotate a key.</summary>
public sealed record RotateKeyRequest
{
    /// <summary>How long the old secret goes on working, in seconds, 0 to 30 days; missing = 24 hours.</summary>
    public long? OverlapSeconds { get; init; }
}

/// <summary>Keys to revoke together.</summary>
public sealed record RevokeKeysRequest
{
    /// <summary>The keys, 1 to 200.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }
}

/// <summary>What a revocation did.</summary>
/// <param name="Revoked">Keys that stopped working by it.</param>
/// <param name="AlreadyRevoked">Keys that had stopped before.</param>
public sealed record RevokedKeys(int Revoked, int AlreadyRevoked);
