using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.AspNetCore.Components;

namespace AspireGateway.Portal.Budgets;

/// <summary>What the budgets page shows.</summary>
/// <param name="Standings">The budgets and how they stand.</param>
/// <param name="Next">Where the list goes on.</param>
/// <param name="Choices">What a new budget can be set on.</param>
/// <param name="Changeable">Budgets that the visitor may change.</param>
/// <param name="MayChange">Whether the visitor may set budgets somewhere.</param>
public sealed record BudgetsPageData(BudgetStandings Standings, string? Next, ScopeChoices Choices, IReadOnlySet<Guid> Changeable, bool MayChange);

/// <summary>Lists budgets with how they stand; sets, changes, raises and deletes them.</summary>
public sealed partial class BudgetsPage
{
    private static readonly IReadOnlyList<Choice> Kinds = [.. BudgetSettings.Kinds.Select(k => new Choice(ScopeWords.Title(k), k))];

    /// <summary>Only what is set on this kind.</summary>
    [SupplyParameterFromQuery(Name = "scope")] public string? ScopeKind { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [CascadingParameter] private TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Inject] private BudgetsQuery Query { get; set; } = null!;

    [Inject] private BudgetStandingsQuery Standings { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private BudgetForms Forms { get; set; } = null!;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Configuration | LiveSubjects.Usage;

    /// <inheritdoc />
    protected override async Task<Result<BudgetsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, new() { ScopeKind = ScopeKind, After = After }, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        // Wide scopes first: what they have left is what the narrow ones can have at most.
        var order = ScopeKinds.All.ToList();
        var standings = await Standings.RunAsync(
            actor, [.. page.Value.Items.OrderBy(b => order.IndexOf(b.ScopeKind)).ThenBy(b => b.ScopeId is not null).ThenBy(b => b.ScopeName, StringComparer.OrdinalIgnoreCase)], cancellationToken);
        var choices = await Choices.RunAsync(actor, Permission.ManageBudgets, cancellationToken);
        var changeable = page.Value.Items.Where(b => ScopeChoicesQuery.MayTouch(actor, Permission.ManageBudgets, b.ScopeKind, b.ScopeId)).Select(b => b.Id).ToHashSet();
        return new BudgetsPageData(standings, page.Value.Next, choices, changeable, choices.Kinds.Count > 0);
    }

    private void Filter(string? kind) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["scope"] = string.IsNullOrEmpty(kind) ? null : kind, ["after"] = null }));

    private async Task EditAsync(BudgetRow? budget)
    {
        if (State.Data is { } data && await Forms.EditAsync(budget, data.Choices)) await ReloadAsync();
    }

    private async Task RaiseAsync(BudgetStanding standing)
    {
        if (await Forms.RaiseAsync(standing)) await ReloadAsync();
    }

    private async Task DeleteAsync(BudgetRow budget)
    {
        if (await Forms.DeleteAsync(budget)) await ReloadAsync();
    }

    private sealed record Choice(string Text, string Value);
}
