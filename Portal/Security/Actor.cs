using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Security;

/// <summary>Who acts. Always computed on the server from the session or the token, never from anything the caller sends along.</summary>
public sealed record Actor
{
    /// <summary>As it stands in the audit: a user's address, <c>admin-token</c>, or <c>seed</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the actor may do; of <see cref="Shared.Domain.Roles"/>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The organisation it acts in: its own, or the one an operator chose; null = none exists or none was chosen.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>The teams it belongs to; those it leads when it is a team lead.</summary>
    public IReadOnlyList<Guid> TeamIds { get; init; } = [];

    /// <summary>The portal user behind it; null for tokens.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Who signed in, or whose token it is; null for the admin token.</summary>
    public Guid? IdentityId { get; init; }

    /// <summary>The access token that was shown; null = none.</summary>
    public TokenInUse? Token { get; init; }

    /// <summary>Where the request came from, for the audit.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The change that is being taken back; null = it acts for itself. Set by the undo alone.</summary>
    public UndoneChange? Undoes { get; init; }

    /// <summary>The change that the actor's commands are parts of; null = each is one of its own. Set by an import alone.</summary>
    internal ConfigurationBatch? Within { get; init; }
}

/// <summary>The access token by which somebody acts.</summary>
/// <param name="Id">The token.</param>
/// <param name="Name">Its name, for the audit.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="ExpiresAt">When it stops working.</param>
public sealed record TokenInUse(Guid Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);
