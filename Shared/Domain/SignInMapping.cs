namespace AspireGateway.Shared.Domain;

/// <summary>What a value of the identity provider gives in an organisation: a role, and perhaps a place in a team.</summary>
public sealed class SignInMapping
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Which claim: <c>groups</c> or <c>roles</c>.</summary>
    public required string Claim { get; set; }

    /// <summary>The claim's value, exactly as the provider sends it.</summary>
    public required string Value { get; set; }

    /// <summary>The role; one of <see cref="Roles"/> but the operator's.</summary>
    public required string Role { get; set; }

    /// <summary>The team that the person is in then, leading it when the role is team lead; null = none.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>By whom.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>Claims that can be mapped.</summary>
public static class SignInClaims
{
    /// <summary>The person's groups.</summary>
    public const string Groups = "groups";

    /// <summary>The person's roles at the provider.</summary>
    public const string Roles = "roles";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<string> All = [Groups, Roles];
}
