using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Tiers;

namespace AspireGateway.Portal.Limits;

/// <summary>What the limits page shows.</summary>
public sealed record LimitsPageData
{
    /// <summary>Limits, wide scopes first.</summary>
    public IReadOnlyList<LimitRow> Limits { get; init; } = [];

    /// <summary>Tiers, oldest first.</summary>
    public IReadOnlyList<TierDetails> Tiers { get; init; } = [];

    /// <summary>Who has which tier.</summary>
    public IReadOnlyList<TierAssignmentRow> Assignments { get; init; } = [];

    /// <summary>Where the list goes on.</summary>
    public string? Next { get; init; }

    /// <summary>Limits and assignments that the visitor may change.</summary>
    public IReadOnlySet<Guid> Changeable { get; init; } = new HashSet<Guid>();

    /// <summary>What a new limit can be set on.</summary>
    public required ScopeChoices Choices { get; init; }

    /// <summary>Whether the visitor may change tiers themselves.</summary>
    public bool MayChangeTiers { get; init; }

    /// <summary>Whether the visitor may set limits somewhere.</summary>
    public bool MayChange => Choices.Kinds.Count > 0;
}
