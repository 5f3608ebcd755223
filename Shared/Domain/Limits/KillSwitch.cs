namespace AspireGateway.Shared.Domain.Limits;

/// <summary>Stops a scope: while it exists, its requests are refused with 403 <c>scope_stopped</c>, on every gateway within a second.</summary>
public sealed class KillSwitch
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to; <see cref="Guid.Empty"/> = the installation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What is stopped; of <see cref="ScopeKinds"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one; null for global and organisation.</summary>
    public string? ScopeId { get; set; }

    /// <summary>Why, shown to refused callers.</summary>
    public required string Reason { get; set; }

    /// <summary>When it was thrown.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who threw it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}
