using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Credentials;

/// <summary>A provider's credential as commands and the audit show it: never its secret.</summary>
public record CredentialDetails
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

/// <summary>A credential in the list.</summary>
public sealed record CredentialRow : CredentialDetails
{
    /// <summary>That its provider refuses it, and a deployment leaves it alone for a while; null = nobody does, or its secret was replaced since.</summary>
    public CredentialRefusal? Refused { get; init; }

    /// <summary>Names of the deployments that are called with it.</summary>
    public required IReadOnlyList<string> Deployments { get; init; }
}

/// <summary>What a gateway saw when it called a provider with a credential.</summary>
/// <param name="At">When it was refused.</param>
/// <param name="Deployment">The deployment that was called.</param>
/// <param name="Reason"><c>unauthorized</c>: by its provider; <c>credential_unreadable</c>: the gateway could not open it with its master key.</param>
/// <param name="Until">Until when the deployment goes on with its other credentials.</param>
public sealed record CredentialRefusal(DateTimeOffset At, string Deployment, string Reason, DateTimeOffset Until);
