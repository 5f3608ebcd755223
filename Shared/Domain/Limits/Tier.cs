namespace AspireGateway.Shared.Domain.Limits;

/// <summary>A named set of limits that keys, teams and users can be given. Changing it changes them all.</summary>
public sealed class Tier
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Its name; unique in the organisation.</summary>
    public required string Name { get; set; }

    /// <summary>Requests a minute; null = no such limit.</summary>
    public long? RequestsPerMinute { get; set; }

    /// <summary>Tokens a minute; null = no such limit.</summary>
    public long? TokensPerMinute { get; set; }

    /// <summary>Requests at the same time; null = no such limit.</summary>
    public long? Concurrency { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The four tiers that every organisation begins with, editable: name, requests a minute, tokens a minute, at the same time.</summary>
    public static readonly IReadOnlyList<(string Name, long RequestsPerMinute, long TokensPerMinute, long Concurrency)> Templates =
        [("Free", 10, 10_000, 2), ("Standard", 60, 100_000, 10), ("Premium", 300, 500_000, 50), ("Enterprise", 1_000, 2_000_000, 200)];
}

/// <summary>Who has which tier. A limit of the same unit that is set on the scope itself wins over the tier's.</summary>
public sealed class TierAssignment
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary><see cref="ScopeKinds.Key"/>, <see cref="ScopeKinds.Team"/> or <see cref="ScopeKinds.User"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one; null = every one that has no tier of its own.</summary>
    public string? ScopeId { get; set; }

    /// <summary>The tier.</summary>
    public Guid TierId { get; set; }
}
