using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tiers;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Limits;

/// <summary>Lists limits and tiers; sets, changes and deletes them, and gives tiers.</summary>
public sealed partial class LimitsPage
{
    private const string TiersView = "tiers";

    private static readonly IReadOnlyList<Choice> Kinds = [.. ScopeKinds.All.Select(k => new Choice(ScopeWords.Title(k), k))];

    /// <summary>The list: limits, or <c>tiers</c>.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>Only what is set on this kind.</summary>
    [SupplyParameterFromQuery(Name = "scope")] public string? ScopeKind { get; set; }

    /// <summary>Only what is set on this one of the kind, by its name or id.</summary>
    [SupplyParameterFromQuery(Name = "named")] public string? ScopeId { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private LimitsQuery Limits { get; set; } = null!;

    [Inject] private TiersQuery Tiers { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private DeleteLimit Delete { get; set; } = null!;

    [Inject] private DeleteTier DeleteTier { get; set; } = null!;

    [Inject] private UnassignTier Unassign { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private bool ShowsTiers => string.Equals(View, TiersView, StringComparison.Ordinal);

    /// <inheritdoc />
    protected override async Task<Result<LimitsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var choices = await Choices.RunAsync(actor, Permission.ManageBudgets, cancellationToken);
        bool MayTouch(string kind, string? id) => ScopeChoicesQuery.MayTouch(actor, Permission.ManageBudgets, kind, id);
        if (ShowsTiers)
        {
            var tiers = await Tiers.RunAsync(actor, null, PageSize.Max, cancellationToken);
            if (tiers.Failure is { } noTiers) return noTiers;
            var assignments = await Tiers.AssignmentsAsync(actor, new() { After = After, Limit = PageSize.Max }, cancellationToken);
            if (assignments.Failure is { } noAssignments) return noAssignments;
            return new LimitsPageData
            {
                Tiers = tiers.Value.Items, Assignments = assignments.Value.Items, Next = assignments.Value.Next, Choices = choices, MayChangeTiers = TierRights.Refuse(actor) is null,
                Changeable = assignments.Value.Items.Where(a => MayTouch(a.ScopeKind, a.ScopeId)).Select(a => a.Id).ToHashSet(),
            };
        }
        var page = await Limits.RunAsync(actor, new() { ScopeKind = ScopeKind, ScopeId = ScopeId, After = After }, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var order = ScopeKinds.All.ToList();
        return new LimitsPageData
        {
            Limits = [.. page.Value.Items.OrderBy(l => order.IndexOf(l.ScopeKind)).ThenBy(l => l.ScopeId is not null).ThenBy(l => l.ScopeName, StringComparer.OrdinalIgnoreCase)],
            Next = page.Value.Next, Choices = choices, Changeable = page.Value.Items.Where(l => MayTouch(l.ScopeKind, l.ScopeId)).Select(l => l.Id).ToHashSet(),
        };
    }

    private void Filter(string? kind) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["scope"] = string.IsNullOrEmpty(kind) ? null : kind, ["named"] = null, ["after"] = null }));

    private Task EditAsync(LimitRow? limit) => OpenAsync<LimitDialog>(
        limit is null ? "Set limit" : "Edit limit", limit is null ? "Limit set" : "Limit saved",
        (nameof(LimitDialog.Limit), limit), (nameof(LimitDialog.Choices), State.Data?.Choices));

    private Task EditTierAsync(TierDetails? tier) => OpenAsync<TierDialog>(
        tier is null ? "Add tier" : $"Edit {tier.Name}", tier is null ? "Tier added" : "Tier saved", (nameof(TierDialog.Tier), tier));

    private Task AssignAsync() => OpenAsync<AssignTierDialog>(
        "Give a tier", "Tier given", (nameof(AssignTierDialog.Tiers), State.Data?.Tiers), (nameof(AssignTierDialog.Choices), State.Data?.Choices));

    private async Task OpenAsync<T>(string title, string done, params (string Name, object? Value)[] parameters) where T : ComponentBase
    {
        if (State.Data is null) return;
        if (await Dialogs.OpenFormAsync<T>(title, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)) is not true) return;
        Notices.Notify(NotificationSeverity.Success, done, "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(LimitRow limit)
    {
        var whose = ScopeWords.Within(limit.ScopeKind, limit.ScopeId, limit.ScopeName);
        var sure = await Dialogs.ConfirmAsync(
            "Delete limit",
            $"{LimitWords.Amount(limit.Unit, limit.Amount, limit.Period)} no longer holds for {whose}, within a second. Where its kind has a default or it has a tier, that holds instead. To undo it, set the limit again.",
            null, "Delete limit");
        if (sure) await RunAsync(actor => Delete.RunAsync(actor, limit.Id, PageLeft), "Limit deleted");
    }

    private async Task DeleteTierAsync(TierDetails tier)
    {
        if (await Dialogs.ConfirmAsync($"Delete {tier.Name}", "A tier can be deleted when nobody has it. To undo it, add it again.", null, "Delete tier"))
            await RunAsync(actor => DeleteTier.RunAsync(actor, tier.Id, PageLeft), $"{tier.Name} deleted");
    }

    private async Task UnassignAsync(TierAssignmentRow assignment)
    {
        var whose = ScopeWords.Of(assignment.ScopeKind, assignment.ScopeId, assignment.ScopeName);
        var sure = await Dialogs.ConfirmAsync(
            $"Take the tier {assignment.TierName} away",
            $"{whose} is no longer held to it within a second; the default of its kind, where there is one, holds again. To undo it, give the tier again.", null, "Take it away");
        if (sure) await RunAsync(actor => Unassign.RunAsync(actor, assignment.ScopeKind, assignment.ScopeId, PageLeft), "Tier taken away");
    }

    private async Task RunAsync(Func<Actor, Task<Result<Done>>> command, string done)
    {
        var result = await Commands.RunAsync(command, PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, done, duration: 4000);
        await ReloadAsync();
    }

    private sealed record Choice(string Text, string Value);
}
