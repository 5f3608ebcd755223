using System.Text;

namespace AspireGateway.Portal.Credentials;

/// <summary>A new credential.</summary>
public sealed record CreateCredentialRequest
{
    /// <summary>The provider whose servers may receive it.</summary>
    public Guid? ProviderId { get; init; }

    /// <summary>Name that people read, 1 to 100 characters; unique for the provider.</summary>
    public string? Name { get; init; }

    /// <summary>The provider's key; written once, never shown again.</summary>
    public string? Secret { get; init; }

    // Records print their members; a secret must not reach a log.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Name = ").Append(Name);
        return true;
    }
}

/// <summary>A new secret for a credential.</summary>
public sealed record ReplaceCredentialRequest
{
    /// <summary>The provider's new key; written once, never shown again.</summary>
    public string? Secret { get; init; }

    /// <inheritdoc />
    public override string ToString() => nameof(ReplaceCredentialRequest);
}

/// <summary>What sealing again did.</summary>
/// <param name="Resealed">Credentials and secrets of webhooks that are sealed with the current master key now and were not before.</param>
/// <param name="Unreadable">Names of credentials and webhooks whose master key is not known any more: replace the secrets, make the webhooks anew.</param>
public sealed record ResealedCredentials(int Resealed, IReadOnlyList<string> Unreadable);
