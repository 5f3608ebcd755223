namespace AspireGateway.Portal.Users;

/// <summary>Somebody who may sign in, or might until their access ended.</summary>
public sealed record PersonRow
{
    /// <summary>The user.</summary>
    public required Guid Id { get; init; }

    /// <summary>Address.</summary>
    public required string Email { get; init; }

    /// <summary>Name that people read.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The role.</summary>
    public required string Role { get; init; }

    /// <summary>Where role and teams come from: <c>manual</c> or <c>mapping</c>.</summary>
    public required string RoleSource { get; init; }

    /// <summary>Teams, by name; of those that the caller may see.</summary>
    public required IReadOnlyList<PersonTeam> Teams { get; init; }

    /// <summary>Sessions that stand now.</summary>
    public required int Sessions { get; init; }

    /// <summary>When they used the portal last, or signed in; null = never.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When access ended; null = it has not.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Whether they have signed in by the identity provider, so that the sign-in mapping can say what they may do.</summary>
    public required bool HasSignedIn { get; init; }
}

/// <summary>A team of somebody's.</summary>
/// <param name="Id">The team.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsLead">Whether they lead it.</param>
public sealed record PersonTeam(Guid Id, string Name, bool IsLead);

/// <summary>What people to list.</summary>
public sealed record PeopleFilter
{
    /// <summary>What the address or the name begins with, whatever the case.</summary>
    public string? Search { get; init; }

    /// <summary>Only of this role.</summary>
    public string? Role { get; init; }

    /// <summary>Only members of this team.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Whether those whose access ended are listed too.</summary>
    public bool IncludeDisabled { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}
