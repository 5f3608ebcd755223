namespace AspireGateway.Portal.Keys;

/// <summary>A new virtual key.</summary>
public sealed record IssueKeyRequest
{
    /// <summary>The team that pays for it.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Name that people read, 1 to 100 characters; unique among the team's keys that are not revoked.</summary>
    public string? Name { get; init; }

    /// <summary>Model patterns it may use, each within the team's; missing or empty = all of the team's.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Model of requests that name none; missing = the team's.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Feature that all its requests are booked on; missing = the caller names it.</summary>
    public string? Feature { get; init; }

    /// <summary>Largest JSON body in bytes, 1 KiB to 1 GiB; missing = the gateway's default.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Largest multipart body in bytes, 1 KiB to 1 GiB; missing = the gateway's default.</summary>
    public long? MaxMultipartBytes { get; init; }

    /// <summary>From then on it is refused; in the future; missing = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>New values of a key; what is missing becomes empty. Team and secret stay.</summary>
public sealed record UpdateKeyRequest
{
    /// <summary>Name that people read, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Model patterns it may use, each within the team's; missing or empty = all of the team's.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Model of requests that name none; missing = the team's.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Feature that all its requests are booked on; missing = the caller names it.</summary>
    public string? Feature { get; init; }

    /// <summary>Largest JSON body in bytes, 1 KiB to 1 GiB; missing = the gateway's default.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Largest multipart body in bytes, 1 KiB to 1 GiB; missing = the gateway's default.</summary>
    public long? MaxMultipartBytes { get; init; }

    /// <summary>From then on it is refused; in the future, or the moment it has already; missing = never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

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
