using System.Buffers.Text;
using System.Security.Cryptography;

namespace AspireGateway.Shared.Domain;

/// <summary>A personal access token: opens the REST API as its owner, never further than its scopes and the owner's rights of that moment.</summary>
public sealed class AccessToken
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it was made in and works in.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Whose it is.</summary>
    public Guid IdentityId { get; set; }

    /// <summary>The token that made this one; null = a person did. Revoked with it.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; set; }

    /// <summary>The first characters of the secret, to recognise it by.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the secret.</summary>
    public required byte[] SecretHash { get; set; }

    /// <summary>What it may do: <c>read</c>, <c>write</c> (which reads too), or the same for one area, as <c>keys:read</c>.</summary>
    public string[] Scopes { get; set; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it stops working.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it was used last, give or take a minute; null = never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>When it was revoked; null = it was not.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>What every token's secret begins with, so that scanners for leaked secrets recognise it.</summary>
    public const string Marker = "agw-pat-";

    /// <summary>Characters of the secret that are shown: the marker and six more.</summary>
    public const int PrefixLength = 14;

    private const int RandomBytes = 24;

    /// <summary>A new secret: the marker and 32 URL-safe characters that carry 192 random bits.</summary>
    public static string NewSecret() => Marker + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
}
