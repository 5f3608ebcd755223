namespace AspireGateway.Shared.Domain;

/// <summary>A row of a table that holds one policy a scope.</summary>
public interface IScopedPolicy
{
    /// <summary>UUIDv7.</summary>
    Guid Id { get; }

    /// <summary>The organisation it belongs to.</summary>
    Guid OrganisationId { get; }

    /// <summary>What it is set on.</summary>
    string ScopeKind { get; }

    /// <summary>Which one; null for the organisation.</summary>
    string? ScopeId { get; }

    /// <summary>When it was set.</summary>
    DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it.</summary>
    string CreatedBy { get; set; }
}
