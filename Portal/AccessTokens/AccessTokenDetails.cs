using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>An access token as lists and the audit show it: never its secret.</summary>
public sealed record AccessTokenDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Owner { get; init; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; init; }

    /// <summary>The first characters of the secret.</summary>
    public required string Prefix { get; init; }

    /// <summary>What it may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The token that made it; null = a person did.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used last, give or take a minute; null = never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked; null = it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static AccessTokenDetails Of(AccessToken t, string owner) => new()
    {
        Id = t.Id, Owner = owner, Name = t.Name, Prefix = t.Prefix, Scopes = t.Scopes, ParentId = t.ParentId, CreatedAt = t.CreatedAt, ExpiresAt = t.ExpiresAt, LastUsedAt = t.LastUsedAt,
        RevokedAt = t.RevokedAt,
    };
}

/// <summary>A new token with its secret. The only time it is shown.</summary>
public sealed record CreatedAccessToken
{
    /// <summary>The token.</summary>
    public required AccessTokenDetails Token { get; init; }

    /// <summary>The secret, <c>agw-pat-...</c>; it cannot be shown again.</summary>
    public required string Secret { get; init; }

    // Records print their members; this one must not reach a log.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("Token = ").Append(Token.Id);
        return true;
    }
}

/// <summary>A new access token. It is always the caller's own.</summary>
public sealed record CreateAccessTokenRequest
{
    /// <summary>Name that people read, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What it may do: <c>read</c>, <c>write</c>, or the same for an area, as <c>keys:read</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Days until it stops working; missing = 30.</summary>
    public int? ExpiresInDays { get; init; }
}
