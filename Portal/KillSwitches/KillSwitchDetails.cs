using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>A stopped scope as commands and the audit show it.</summary>
public record KillSwitchDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What is stopped; of <see cref="ScopeKinds"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: an id or a name; null for global and organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Why; refused callers read it.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was stopped.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who stopped it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static KillSwitchDetails Of(KillSwitch k) => new()
    {
        Id = k.Id, ScopeKind = k.ScopeKind, ScopeId = k.ScopeId, Reason = k.Reason, CreatedAt = k.CreatedAt, CreatedBy = k.CreatedBy,
    };
}

/// <summary>A stopped scope in the list.</summary>
public sealed record KillSwitchRow : KillSwitchDetails
{
    /// <summary>The scope's name for people; null = the one there is.</summary>
    public string? ScopeName { get; init; }

    /// <summary>When it goes again by itself; null = when somebody releases it. Only of keys that a policy stopped because they ran away.</summary>
    public DateTimeOffset? Until { get; init; }
}
