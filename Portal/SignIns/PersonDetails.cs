using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.SignIns;

/// <summary>What somebody may do in an organisation, as the audit keeps it.</summary>
public sealed record PersonDetails
{
    /// <summary>The user.</summary>
    public required Guid Id { get; init; }

    /// <summary>Address.</summary>
    public required string Email { get; init; }

    /// <summary>Name that people read.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The role.</summary>
    public required string Role { get; init; }

    /// <summary>Where role and teams come from; of <see cref="RoleSources"/>.</summary>
    public required string RoleSource { get; init; }

    /// <summary>Teams, in order of their ids; those that are led end in <c> (lead)</c>.</summary>
    public required IReadOnlyList<string> Teams { get; init; }

    /// <summary>When access ended; null = it has not.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Of rows.</summary>
    public static PersonDetails Of(User user, IEnumerable<TeamMember> teams) => new()
    {
        Id = user.Id, Email = user.Email, DisplayName = user.DisplayName, Role = user.Role, RoleSource = user.RoleSource, DisabledAt = user.DisabledAt,
        Teams = [.. teams.OrderBy(t => t.TeamId).Select(t => t.IsLead ? $"{t.TeamId} (lead)" : t.TeamId.ToString())],
    };

    /// <summary>Whether both say the same.</summary>
    public bool Equals(PersonDetails? other) =>
        other is not null && Id == other.Id && Email == other.Email && DisplayName == other.DisplayName && Role == other.Role && RoleSource == other.RoleSource
        && DisabledAt == other.DisabledAt && Teams.SequenceEqual(other.Teams, StringComparer.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => Id.GetHashCode();
}
