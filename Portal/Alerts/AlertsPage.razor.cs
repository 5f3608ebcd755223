using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Alerts.Mutes;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Alerts;

/// <summary>What the page shows.</summary>
/// <param name="Page">The alerts.</param>
/// <param name="Mutes">What is quiet now; only beside muted alerts.</param>
/// <param name="MayAcknowledge">Whether the visitor may take some on, and mute them.</param>
/// <param name="MaySeeRequests">Whether the visitor may look at the requests behind them.</param>
public sealed record AlertsPageData(Page<AlertRow> Page, IReadOnlyList<MuteDetails> Mutes, bool MayAcknowledge, bool MaySeeRequests)
{
    /// <summary>Whether the visitor may let keys go that a policy holds.</summary>
    public bool MayLift { get; init; }
}

/// <summary>Lists what is and was unusual.</summary>
public sealed partial class AlertsPage
{
    /// <summary>Of <see cref="AlertViews"/>; missing = active.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private AlertsQuery Query { get; set; } = null!;

    [Inject] private MutesQuery Mutes { get; set; } = null!;

    [Inject] private AcknowledgeAlert Acknowledge { get; set; } = null!;

    [Inject] private EndMute End { get; set; } = null!;

    [Inject] private LiftKeyBrake Lift { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [CascadingParameter] private TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Usage;

    private string Shown => AlertViews.All.FirstOrDefault(v => v == View) ?? AlertViews.Active;

    /// <inheritdoc />
    protected override async Task<Result<AlertsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, null, Shown, After, null, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var mutes = Shown == AlertViews.Muted && After is null ? (await Mutes.RunAsync(actor, cancellationToken)).Value.Items : [];
        return new AlertsPageData(page.Value, mutes, Permissions.Refuse(actor, Permission.ManageAlerts) is null, Permissions.Refuse(actor, Permission.SeeCosts) is null)
        {
            MayLift = Permissions.Of(actor, Permission.ThrowKillSwitch) == Reach.Organisation,
        };
    }

    private Task AcknowledgeAsync(AlertRow alert) => DoAsync(actor => Acknowledge.RunAsync(actor, alert.Id, PageLeft));

    private Task EndMuteAsync(MuteDetails mute) => DoAsync(actor => End.RunAsync(actor, mute.Id, PageLeft));

    private async Task MuteAsync(AlertRow alert)
    {
        if (await Dialogs.OpenFormAsync<MuteDialog>($"Mute: {AlertKinds.Title(alert)}", new(StringComparer.Ordinal) { [nameof(MuteDialog.Alert)] = alert.Id }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Muted", "It stands under Muted until its time is over.", 4000);
        await ReloadAsync();
    }

    private async Task LiftAsync(AlertRow alert, KeyBrakeDetails held)
    {
        if (!await Dialogs.ConfirmLiftAsync(held, alert.SubjectName ?? held.ScopeId)) return;
        await DoAsync(actor => Lift.RunAsync(actor, held.Id, PageLeft));
    }

    private async Task DoAsync<T>(Func<Actor, Task<Result<T>>> command)
    {
        var done = await Commands.RunAsync(command, PageLeft);
        if (done.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        await ReloadAsync();
    }
}
