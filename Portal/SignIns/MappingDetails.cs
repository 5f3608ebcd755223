using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.SignIns;

/// <summary>A row of the sign-in mapping.</summary>
public sealed record MappingDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>groups</c> or <c>roles</c>.</summary>
    public required string Claim { get; init; }

    /// <summary>The claim's value, exactly as the provider sends it.</summary>
    public required string Value { get; init; }

    /// <summary>The role that it gives.</summary>
    public required string Role { get; init; }

    /// <summary>The team that it gives; null = none.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static MappingDetails Of(SignInMapping m) =>
        new() { Id = m.Id, Claim = m.Claim, Value = m.Value, Role = m.Role, TeamId = m.TeamId, CreatedAt = m.CreatedAt, CreatedBy = m.CreatedBy };
}

/// <summary>A row of the sign-in mapping in the list.</summary>
public sealed record MappingRow
{
    /// <summary>The row.</summary>
    public required MappingDetails Mapping { get; init; }

    /// <summary>Its team's name.</summary>
    public string? Team { get; init; }

    /// <summary>People who carried the value when they signed in last.</summary>
    public required int People { get; init; }
}

/// <summary>A row's values.</summary>
public sealed record MappingRequest
{
    /// <summary><c>groups</c> or <c>roles</c>; missing = <c>groups</c>.</summary>
    public string? Claim { get; init; }

    /// <summary>The claim's value, exactly as the provider sends it, 1 to 256 characters.</summary>
    public string? Value { get; init; }

    /// <summary>The role that it gives; every role but the operator's.</summary>
    public string? Role { get; init; }

    /// <summary>The team that it gives too; led by them when the role is <c>team_lead</c>.</summary>
    public Guid? TeamId { get; init; }
}
