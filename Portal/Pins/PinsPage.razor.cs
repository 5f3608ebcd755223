using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Pins;

/// <summary>What the pins page shows.</summary>
/// <param name="Page">The pins.</param>
/// <param name="Choices">What can be pinned.</param>
/// <param name="Rules">Rules that send to a model, or order one, in their order.</param>
/// <param name="MayChange">Whether the visitor may change them.</param>
public sealed record PinsPageData(Page<PinRow> Page, ScopeChoices Choices, IReadOnlyList<ScopeOption> Rules, bool MayChange);

/// <summary>Lists pins; sets, changes and deletes them.</summary>
public sealed partial class PinsPage
{
    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private PinsQuery Query { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private RulesQuery Rules { get; set; } = null!;

    [Inject] private DeletePin Delete { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<PinsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, After, null, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var choices = await Choices.RunAsync(actor, Permission.ManageModels, cancellationToken);
        var rules = await Rules.RunAsync(actor, cancellationToken);
        if (rules.Failure is { } noRules) return noRules;
        ScopeOption[] pinnable = [.. rules.Value.Items.Where(r => r.Then.Model is not null || r.Then.Strategy is not null).Select(r => new ScopeOption(r.Id.ToString(), r.Name))];
        return new PinsPageData(page.Value, choices, pinnable, Permissions.Refuse(actor, Permission.ManageModels) is null);
    }

    private static string Whose(PinRow pin) => pin.ScopeId is null ? "everybody" : ScopeWords.Within(pin.ScopeKind, pin.ScopeId, pin.ScopeName);

    private async Task EditAsync(PinRow? pin)
    {
        if (State.Data is not { } data) return;
        var title = pin is null ? "Pin version" : $"Pin of {pin.Model}";
        if (await Dialogs.OpenFormAsync<PinDialog>(title, new(StringComparer.Ordinal) { [nameof(PinDialog.Pin)] = pin, [nameof(PinDialog.Choices)] = data.Choices, [nameof(PinDialog.Rules)] = data.Rules }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, pin is null ? "Pinned" : "Pin saved", "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(PinRow pin)
    {
        var sure = await Dialogs.ConfirmAsync(
            $"Delete the pin of {pin.Model}",
            $"Requests of {Whose(pin)} follow a wider pin, or the model's strategy, within a second. To undo it, pin {pin.Version} at {pin.Deployment} again.", null, "Delete pin");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, pin.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Pin deleted", duration: 4000);
        await ReloadAsync();
    }
}
