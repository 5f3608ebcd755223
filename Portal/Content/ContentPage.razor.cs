using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Content.Erasing;
using AspireGateway.Portal.Content.Holds;
using AspireGateway.Portal.Content.Policies;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Content;

/// <summary>Lists policies, holds and erasures of the content store and changes them; of the texts nothing.</summary>
public sealed partial class ContentPage
{
    /// <summary>The view: <c>holds</c> or <c>erasures</c>; missing = policies.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>Where the list goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private ContentPoliciesQuery Policies { get; set; } = null!;

    [Inject] private HoldsQuery Holds { get; set; } = null!;

    [Inject] private ErasuresQuery Erasures { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private DeleteContentPolicy Delete { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string Shown => View is ContentViews.Holds or ContentViews.Erasures ? View : ContentViews.Policies;

    /// <inheritdoc />
    protected override async Task<Result<ContentPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var data = new ContentPageData(
            null, null, null, await Choices.RunAsync(actor, Permission.ManageContent, cancellationToken), Permissions.Refuse(actor, Permission.ManageContent) is null, Permissions.Refuse(actor, Permission.ReadContent) is null);
        switch (Shown)
        {
            case ContentViews.Holds:
                var holds = await Holds.RunAsync(actor, After, null, cancellationToken);
                return holds.Failure is { } unheld ? unheld : data with { Holds = holds.Value };
            case ContentViews.Erasures:
                var erasures = await Erasures.RunAsync(actor, After, null, cancellationToken);
                return erasures.Failure is { } unseen ? unseen : data with { Erasures = erasures.Value };
            default:
                var policies = await Policies.RunAsync(actor, After, null, cancellationToken);
                return policies.Failure is { } refusal ? refusal : data with { Policies = policies.Value };
        }
    }

    private static string Whose(ContentPolicyRow policy) => ScopeWords.Within(policy.ScopeKind, policy.ScopeId, policy.ScopeName);

    private async Task EditAsync(ContentPolicyRow? policy)
    {
        if (State.Data is not { } data) return;
        var title = policy is null ? "Set content policy" : $"Content policy of {Whose(policy)}";
        if (await Dialogs.OpenFormAsync<ContentPolicyDialog>(title, new(StringComparer.Ordinal) { [nameof(ContentPolicyDialog.Policy)] = policy, [nameof(ContentPolicyDialog.Choices)] = data.Choices }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Policy set", "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(ContentPolicyRow policy)
    {
        var then = policy.ScopeId is null ? "Within a second nothing more is kept, unless a team has a policy." : "Within a second the organisation's policy decides; where there is none, nothing more is kept.";
        if (!await Dialogs.ConfirmAsync($"Delete the content policy of {Whose(policy)}", $"{then} What is kept already stays until its time is over. The audit can put the policy back as it was.", null, "Delete policy")) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, policy.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Policy deleted", duration: 4000);
        await ReloadAsync();
    }

    private async Task HoldAsync(ContentHoldDetails? hold)
    {
        if (State.Data is not { } data) return;
        if (await Dialogs.OpenFormAsync<HoldDialog>(hold is null ? "Place a legal hold" : "Release the legal hold", new(StringComparer.Ordinal) { [nameof(HoldDialog.Hold)] = hold, [nameof(HoldDialog.Choices)] = data.Choices }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, hold is null ? "Hold placed" : "Hold released", duration: 4000);
        await ReloadAsync();
    }

    private async Task EraseAsync()
    {
        if (await Dialogs.OpenFormAsync<EraseDialog>("Erase a user's texts", []) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "The key is destroyed", "The rows go within minutes.", 4000);
        await ReloadAsync();
    }
}
