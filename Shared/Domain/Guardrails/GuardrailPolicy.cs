namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>Which guardrails look at a scope's requests and replies. One policy a scope.</summary>
public sealed class GuardrailPolicy
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What it is set on; of <see cref="GuardrailScopes"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one: the id of a team or key, the name of a model; null for the organisation.</summary>
    public string? ScopeId { get; set; }

    /// <summary>What each guardrail does.</summary>
    public GuardrailSettings Settings { get; set; } = new();

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>What guardrail policies are set on.</summary>
public static class GuardrailScopes
{
    /// <summary>Every request of the organisation.</summary>
    public const string Organisation = "organisation";

    /// <summary>Requests of a team's keys.</summary>
    public const string Team = "team";

    /// <summary>Requests of a virtual key.</summary>
    public const string Key = "key";

    /// <summary>Requests that go to a logical model. Only makes things stricter.</summary>
    public const string Model = "model";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Organisation, Team, Key, Model];
}
