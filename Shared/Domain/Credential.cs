namespace AspireGateway.Shared.Domain;

/// <summary>A provider's key, encrypted at rest and decrypted only where the provider is called.</summary>
public sealed class Credential
{
    /// <summary>UUIDv7; also bound into the encryption, so that a ciphertext moved to another row cannot be opened.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The provider whose hosts may receive it.</summary>
    public Guid ProviderId { get; set; }

    /// <summary>Name that people read; unique for the provider.</summary>
    public required string Name { get; set; }

    /// <summary>The secret in the envelope of <see cref="Data.SecretBox"/>.</summary>
    public required byte[] SecretEnvelope { get; set; }

    /// <summary>Last four characters of the secret, to recognise it.</summary>
    public required string Hint { get; set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the secret was last replaced.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
