using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.SignIns;

/// <summary>What a mapping gives a person: one role and places in teams.</summary>
/// <param name="Role">The role; null = nothing maps, so no access.</param>
/// <param name="Teams">The teams, and whether each is led.</param>
public sealed record MappedRights(string? Role, IReadOnlyDictionary<Guid, bool> Teams)
{
    /// <summary>Of several roles that map, the first in this order counts.</summary>
    public static readonly IReadOnlyList<string> Order =
        [Roles.OrganisationAdmin, Roles.Platform, Roles.SecurityReviewer, Roles.FinOps, Roles.TeamLead, Roles.Auditor, Roles.Developer];

    /// <summary>What these rows give somebody with these claims.</summary>
    public static MappedRights Of(IEnumerable<SignInMapping> mappings, IEnumerable<string> claims)
    {
        var held = claims.ToHashSet(StringComparer.Ordinal);
        var hits = mappings.Where(m => held.Contains($"{m.Claim}:{m.Value}")).ToList();
        var teams = new Dictionary<Guid, bool>();
        foreach (var hit in hits)
            if (hit.TeamId is { } team) teams[team] = teams.GetValueOrDefault(team) || string.Equals(hit.Role, Roles.TeamLead, StringComparison.Ordinal);
        return new(Order.FirstOrDefault(r => hits.Exists(h => string.Equals(h.Role, r, StringComparison.Ordinal))), teams);
    }
}
