using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Residency;

/// <summary>What the residency page shows.</summary>
/// <param name="Page">The rules.</param>
/// <param name="MayChange">Whether the visitor may change them.</param>
public sealed record ResidencyPageData(Page<ResidencyDetails> Page, bool MayChange);

/// <summary>Lists residency rules; sets and deletes them.</summary>
public sealed partial class ResidencyPage
{
    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private ResidencyQuery Query { get; set; } = null!;

    [Inject] private DeleteResidency Delete { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<ResidencyPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, After, null, cancellationToken);
        return page.Failure is { } refusal ? refusal : new ResidencyPageData(page.Value, Permissions.Refuse(actor, Permission.ManageModels) is null);
    }

    private async Task EditAsync(ResidencyDetails? rule)
    {
        var title = rule is null ? "Set regions" : $"Regions of {ResidencyWords.Of(rule.ScopeKind, rule.ScopeId)}";
        if (await Dialogs.OpenFormAsync<ResidencyDialog>(title, new(StringComparer.Ordinal) { [nameof(ResidencyDialog.Rule)] = rule }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Regions set", "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(ResidencyDetails rule)
    {
        var whose = ResidencyWords.Of(rule.ScopeKind, rule.ScopeId);
        var then = rule.ScopeKind == ResidencyScopes.DataClass
            ? "The class is no longer known: requests that declare it are refused with 400, within a second."
            : "Its requests may be processed anywhere within a second, unless another rule says otherwise.";
        if (!await Dialogs.ConfirmAsync($"Delete regions of {whose}", $"{then} To undo it, set the regions again: {string.Join(", ", rule.Regions)}.", null, "Delete regions")) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, rule.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Regions deleted", duration: 4000);
        await ReloadAsync();
    }
}
