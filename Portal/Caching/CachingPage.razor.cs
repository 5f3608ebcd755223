using AspireGateway.Portal.Caching.Figures;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Caching.Recent;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Caching;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Caching;

/// <summary>What the caching page shows.</summary>
/// <param name="Page">The policies.</param>
/// <param name="Figures">What the cache did; null = the visitor sees no usage.</param>
/// <param name="Choices">What a policy can be set on.</param>
/// <param name="Embedders">Models that may make vectors; none for those who may not change policies.</param>
/// <param name="MayChange">Whether the visitor may change policies and purge.</param>
public sealed record CachingPageData(Page<CachePolicyRow> Page, CacheReport? Figures, ScopeChoices Choices, IReadOnlyList<string> Embedders, bool MayChange)
{
    /// <summary>What gateways counted in the last days; null = the visitor does not see the costs of the whole organisation.</summary>
    public CacheRecent? Recent { get; init; }
}

/// <summary>Shows what the cache did, lists cache policies, sets and deletes them, and purges.</summary>
public sealed partial class CachingPage
{
    /// <summary>The time of the figures: <c>7d</c> or <c>30d</c>; missing = the last 24 hours.</summary>
    [SupplyParameterFromQuery(Name = "range")] public string? Range { get; set; }

    /// <summary>Where the list of policies goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private CachePoliciesQuery Query { get; set; } = null!;

    [Inject] private CacheFiguresQuery Figures { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private CacheRecentQuery Recent { get; set; } = null!;

    [Inject] private EmbeddersQuery Embedders { get; set; } = null!;

    [Inject] private DeleteCachePolicy Delete { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string Shown => string.IsNullOrEmpty(Range) ? CacheRanges.Day : Range;

    /// <inheritdoc />
    protected override async Task<Result<CachingPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, After, null, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        CacheReport? figures = null;
        if (Permissions.Refuse(actor, Permission.SeeCosts) is null)
        {
            var report = await Figures.RunAsync(actor, Range, cancellationToken);
            if (report.Failure is { } unseen) return unseen;
            figures = report.Value;
        }
        var mayChange = Permissions.Refuse(actor, Permission.ManageModels) is null;
        return new CachingPageData(
            page.Value, figures, await Choices.RunAsync(actor, Permission.ManageModels, cancellationToken), mayChange ? await Embedders.RunAsync(actor.OrganisationId!.Value, cancellationToken) : [], mayChange)
        {
            Recent = CacheRecentQuery.MaySee(actor) ? (await Recent.RunAsync(actor, cancellationToken)).Value : null,
        };
    }

    // Without a policy the figures still count where there were answers in their time.
    private static bool IsEmpty(CachingPageData data) => data.Page.Items.Count == 0 && data.Figures is null or { Total: { CacheHits: 0, CacheReadTokens: 0, CacheWriteTokens: 0 } };

    private async Task EditAsync(CachePolicyRow? policy)
    {
        if (State.Data is not { } data) return;
        var title = policy is null ? "Set cache policy" : $"Cache policy of {CacheWords.Whose(policy)}";
        if (await Dialogs.OpenFormAsync<CachePolicyDialog>(title, new(StringComparer.Ordinal) { [nameof(CachePolicyDialog.Policy)] = policy, [nameof(CachePolicyDialog.Choices)] = data.Choices, [nameof(CachePolicyDialog.Embedders)] = data.Embedders }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Policy set", "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(CachePolicyRow policy)
    {
        var whose = CacheWords.Whose(policy);
        var then = policy.ScopeKind switch
        {
            CachePolicyScopes.Organisation => "Within a second nothing of it is kept or given any more, unless a team, key or model has a policy.",
            CachePolicyScopes.Model => "Within a second its requests are kept as those of other models.",
            _ => "Within a second the next wider policy decides; where there is none, nothing is kept or given.",
        };
        if (!await Dialogs.ConfirmAsync($"Delete the cache policy of {whose}", $"{then} The audit can put the policy back as it was.", null, "Delete policy")) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, policy.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Policy deleted", duration: 4000);
        await ReloadAsync();
    }

    private async Task PurgeAsync()
    {
        if (State.Data is not { } data) return;
        if (await Dialogs.OpenFormAsync<PurgeDialog>("Purge the cache", new(StringComparer.Ordinal) { [nameof(PurgeDialog.Choices)] = data.Choices }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Purged", "No gateway gives what it kept.", 4000);
    }
}
