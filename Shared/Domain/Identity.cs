namespace AspireGateway.Shared.Domain;

/// <summary>Somebody as an identity provider knows them. What they may do is said by the users that carry it, one per organisation.</summary>
public sealed class Identity
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>Who vouches: the provider's issuer, or <see cref="LocalIssuer"/>.</summary>
    public required string Issuer { get; set; }

    /// <summary>The provider's name of the person; never changes and is never given to somebody else.</summary>
    public required string Subject { get; set; }

    /// <summary>Address, lower case; where the provider sends none, its name of the person.</summary>
    public required string Email { get; set; }

    /// <summary>Whether the address is the person's for certain, so that it may stand for a user that was made by hand.</summary>
    public bool EmailVerified { get; set; }

    /// <summary>Name that people read.</summary>
    public required string DisplayName { get; set; }

    /// <summary>Groups and roles at the last sign-in, each as <c>groups:VALUE</c> or <c>roles:VALUE</c>.</summary>
    public string[] Claims { get; set; } = [];

    /// <summary>When the person signed in for the first time.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When last.</summary>
    public DateTimeOffset SignedInAt { get; set; }

    /// <summary>The issuer of who came in by the local host's link.</summary>
    public const string LocalIssuer = "local";
}
