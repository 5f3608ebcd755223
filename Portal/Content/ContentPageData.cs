using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Scopes;

namespace AspireGateway.Portal.Content;

/// <summary>What the content page shows.</summary>
/// <param name="Policies">The policies, in their view.</param>
/// <param name="Holds">The holds, in theirs.</param>
/// <param name="Erasures">The erasures, in theirs.</param>
/// <param name="Choices">What policies and holds can be set on.</param>
/// <param name="MayChange">Whether the visitor may change anything.</param>
/// <param name="MayRead">Whether the visitor may read texts.</param>
public sealed record ContentPageData(
    Page<ContentPolicyRow>? Policies, Page<ContentHoldDetails>? Holds, Page<ContentErasureDetails>? Erasures, ScopeChoices Choices, bool MayChange, bool MayRead)
{
    /// <summary>Whether the view has nothing.</summary>
    public bool IsEmpty => (Policies?.Items.Count ?? 0) + (Holds?.Items.Count ?? 0) + (Erasures?.Items.Count ?? 0) == 0;
}
