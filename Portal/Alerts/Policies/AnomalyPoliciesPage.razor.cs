using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>What the page of anomaly policies shows.</summary>
/// <param name="Page">The policies.</param>
/// <param name="Choices">What they can be set on.</param>
/// <param name="MayChange">Whether the visitor may change them.</param>
public sealed record AnomalyPoliciesPageData(Page<AnomalyPolicyRow> Page, ScopeChoices Choices, bool MayChange);

/// <summary>Lists what becomes of keys that run away; sets and deletes it.</summary>
public sealed partial class AnomalyPoliciesPage
{
    /// <summary>Where the list goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private AnomalyPoliciesQuery Query { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private DeleteAnomalyPolicy Delete { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<AnomalyPoliciesPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, After, null, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        return new AnomalyPoliciesPageData(page.Value, await Choices.RunAsync(actor, Permission.ManageAlerts, cancellationToken), Permissions.Refuse(actor, Permission.ManageAlerts) is null);
    }

    private static string Whose(AnomalyPolicyRow policy) => ScopeWords.Within(policy.ScopeKind, policy.ScopeId, policy.ScopeName);

    private async Task EditAsync(AnomalyPolicyRow? policy)
    {
        if (State.Data is not { } data) return;
        var title = policy is null ? "Set anomaly policy" : $"Anomaly policy of {Whose(policy)}";
        if (await Dialogs.OpenFormAsync<AnomalyPolicyDialog>(title, new(StringComparer.Ordinal) { [nameof(AnomalyPolicyDialog.Policy)] = policy, [nameof(AnomalyPolicyDialog.Choices)] = data.Choices }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Policy set", "It decides on what begins from now on.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(AnomalyPolicyRow policy)
    {
        var then = policy.ScopeId is null ? "Nothing is done by itself any more, unless a team or a key has a policy." : "The next wider policy decides then; where there is none, nothing is done.";
        if (!await Dialogs.ConfirmAsync($"Delete the anomaly policy of {Whose(policy)}", $"{then} Keys that are held already stay so until their time is over. The audit can put the policy back as it was.", null, "Delete policy")) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, policy.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Policy deleted", duration: 4000);
        await ReloadAsync();
    }
}
