using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>What the kill switches' page shows.</summary>
/// <param name="Page">What is stopped.</param>
/// <param name="Choices">What can be stopped.</param>
/// <param name="Releasable">Stops that the visitor may release.</param>
public sealed record KillSwitchesPageData(Page<KillSwitchRow> Page, ScopeChoices Choices, IReadOnlySet<Guid> Releasable);

/// <summary>Lists what is stopped; stops and releases.</summary>
public sealed partial class KillSwitchesPage
{
    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private KillSwitchesQuery Query { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private ReleaseKillSwitch Release { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Configuration;

    /// <inheritdoc />
    protected override async Task<Result<KillSwitchesPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, new() { After = After }, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var choices = await Choices.RunAsync(actor, Permission.ThrowKillSwitch, cancellationToken);
        var releasable = page.Value.Items.Where(k => ScopeChoicesQuery.MayTouch(actor, Permission.ThrowKillSwitch, k.ScopeKind, k.ScopeId)).Select(k => k.Id).ToHashSet();
        return new KillSwitchesPageData(page.Value, choices, releasable);
    }

    private async Task StopAsync()
    {
        if (State.Data is not { } data) return;
        if (await Dialogs.OpenFormAsync<StopDialog>("Stop", new(StringComparer.Ordinal) { [nameof(StopDialog.Choices)] = data.Choices }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Stopped", "Every gateway refuses it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task ReleaseAsync(KillSwitchRow stop)
    {
        var whose = ScopeWords.Within(stop.ScopeKind, stop.ScopeId, stop.ScopeName);
        if (!await Dialogs.ConfirmAsync($"Release {whose}", $"Requests of {whose} are served again within a second. It was stopped by {stop.CreatedBy}: {stop.Reason}", null, "Release")) return;
        var result = await Commands.RunAsync(actor => Release.RunAsync(actor, stop.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Released", duration: 4000);
        await ReloadAsync();
    }
}
