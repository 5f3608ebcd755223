using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>A guardrail policy as commands and the audit show it.</summary>
public record GuardrailDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is set on; of <see cref="GuardrailScopes"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: the id of a team or key, the name of a model; null for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What each guardrail does; one that is null is decided by the next wider policy.</summary>
    public required GuardrailSettings Settings { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static GuardrailDetails Of(GuardrailPolicy p) => new()
    {
        Id = p.Id, ScopeKind = p.ScopeKind, ScopeId = p.ScopeId, Settings = p.Settings, CreatedAt = p.CreatedAt, CreatedBy = p.CreatedBy,
    };
}

/// <summary>A guardrail policy in a list.</summary>
public sealed record GuardrailRow : GuardrailDetails
{
    /// <summary>Name of the team or key; null = the organisation, or deleted.</summary>
    public string? ScopeName { get; init; }
}
