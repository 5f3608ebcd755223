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
/// <param name="MayAcknowledge">Whether the visitor may take some on.</param>
/// <param name="MaySeeRequests">Whether the visitor may look at the requests behind them.</param>
public sealed record AlertsPageData(Page<AlertRow> Page, bool MayAcknowledge, bool MaySeeRequests);

/// <summary>Lists what is and was unusual.</summary>
public sealed partial class AlertsPage
{
    /// <summary><c>past</c> = those that are over.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private AlertsQuery Query { get; set; } = null!;

    [Inject] private AcknowledgeAlert Acknowledge { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Usage;

    private bool IsPast => View == "past";

    /// <inheritdoc />
    protected override async Task<Result<AlertsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, !IsPast, After, null, cancellationToken);
        return page.Failure is { } refusal ? refusal : new AlertsPageData(page.Value, Permissions.Refuse(actor, Permission.ManageGuardrails) is null, Permissions.Refuse(actor, Permission.SeeCosts) is null);
    }

    private async Task AcknowledgeAsync(AlertRow alert)
    {
        var taken = await Commands.RunAsync(actor => Acknowledge.RunAsync(actor, alert.Id, PageLeft), PageLeft);
        if (taken.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        await ReloadAsync();
    }
}
