using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Quarantine;

/// <summary>What the quarantine's page shows.</summary>
/// <param name="Page">The requests.</param>
/// <param name="MayDecide">Whether the visitor may decide some.</param>
public sealed record QuarantinePageData(Page<QuarantineRow> Page, bool MayDecide);

/// <summary>Lists quarantined requests, those that wait first; releases and rejects them.</summary>
public sealed partial class QuarantinePage
{
    /// <summary>Which ones; of <see cref="QuarantineStates"/>, else those that wait.</summary>
    [SupplyParameterFromQuery(Name = "state")] public string? Which { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private QuarantineQuery Query { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string Shown => Which is not null && QuarantineStates.All.Contains(Which, StringComparer.Ordinal) ? Which : QuarantineStates.Pending;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Configuration | LiveSubjects.Usage;

    /// <inheritdoc />
    protected override async Task<Result<QuarantinePageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, new() { State = Shown, After = After }, cancellationToken);
        return page.Failure is { } refusal ? refusal : new QuarantinePageData(page.Value, Permissions.Of(actor, Permission.ReleaseQuarantine) == Reach.Organisation);
    }

    private Task ReleaseAsync(QuarantineRow request) => DecideAsync(request, release: true);

    private Task RejectAsync(QuarantineRow request) => DecideAsync(request, release: false);

    private async Task DecideAsync(QuarantineRow request, bool release)
    {
        if (await DecideQuarantineDialog.OpenAsync(Dialogs, Notices, request, release)) await ReloadAsync();
    }
}
