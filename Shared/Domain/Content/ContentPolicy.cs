namespace AspireGateway.Shared.Domain.Content;

/// <summary>Whether texts of a scope's requests are kept, and how. One policy a scope; where there is none, nothing is.</summary>
public sealed class ContentPolicy : IScopedPolicy
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What it is set on; of <see cref="ContentScopes"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one: the id of a team; null for the organisation.</summary>
    public string? ScopeId { get; set; }

    /// <summary>What holds there.</summary>
    public ContentSettings Settings { get; set; } = new() { Keep = ContentKeeps.Off };

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; set; }
}
