using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Credentials;

/// <summary>A provider's credential as lists, commands and the audit show it: never its secret.</summary>
public sealed record CredentialDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The provider whose servers may receive it.</summary>
    public required Guid ProviderId { get; init; }

    /// <summary>Name that people read; unique for the provider.</summary>
    public required string Name { get; init; }

    /// <summary>The secret's last characters, to recognise it; empty for short secrets.</summary>
    public required string Hint { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its secret was last replaced.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static CredentialDetails Of(Credential c) => new()
    {
        Id = c.Id, ProviderId = c.ProviderId, Name = c.Name, Hint = c.Hint, CreatedAt = c.CreatedAt, UpdatedAt = c.UpdatedAt,
    };
}
