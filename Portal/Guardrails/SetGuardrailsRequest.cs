using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>The policy of a scope; what was set on it before is replaced.</summary>
public sealed record SetGuardrailsRequest
{
    /// <summary>What it is set on: <c>organisation</c>, <c>team</c>, <c>key</c> or <c>model</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: a team or key by id or name, a model by name; missing for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What each guardrail does; at least one.</summary>
    public GuardrailSettings? Settings { get; init; }
}
