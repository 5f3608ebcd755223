using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Shared.Domain.Anomalies;

/// <summary>What becomes of a scope's keys that run away. One policy a scope; the nearest decides as a whole, and where there is none nothing is done.</summary>
public sealed class AnomalyPolicy : IScopedPolicy
{
    /// <summary>What policies are set on, from wide to narrow.</summary>
    public static readonly IReadOnlyList<string> Scopes = [ScopeKinds.Organisation, ScopeKinds.Team, ScopeKinds.Key];

    /// <inheritdoc />
    public Guid Id { get; set; }

    /// <inheritdoc />
    public Guid OrganisationId { get; set; }

    /// <summary>What it is set on; of <see cref="Scopes"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one: the id of a team or key; null for the organisation.</summary>
    public string? ScopeId { get; set; }

    /// <summary>What holds there.</summary>
    public AnomalySettings Settings { get; set; } = new() { OnAnomaly = AnomalyResponses.None };

    /// <inheritdoc />
    public DateTimeOffset CreatedAt { get; set; }

    /// <inheritdoc />
    public required string CreatedBy { get; set; }

    /// <summary>The policy of a key: its own, else its team's, else the organisation's; null = there is none.</summary>
    /// <param name="policies">Policies of its organisation, in any order, of whomever.</param>
    /// <param name="teamId">The key's team.</param>
    /// <param name="keyId">The key.</param>
    public static AnomalyPolicy? Nearest(IEnumerable<AnomalyPolicy> policies, Guid teamId, Guid keyId)
    {
        ArgumentNullException.ThrowIfNull(policies);
        AnomalyPolicy? nearest = null;
        foreach (var policy in policies)
        {
            var holds = policy.ScopeKind switch
            {
                ScopeKinds.Key => policy.ScopeId == keyId.ToString(),
                ScopeKinds.Team => policy.ScopeId == teamId.ToString(),
                _ => policy.ScopeKind == ScopeKinds.Organisation,
            };
            if (holds && (nearest is null || Depth(policy) > Depth(nearest))) nearest = policy;
        }
        return nearest;
    }

    private static int Depth(AnomalyPolicy policy) => policy.ScopeKind switch { ScopeKinds.Key => 2, ScopeKinds.Team => 1, _ => 0 };
}
