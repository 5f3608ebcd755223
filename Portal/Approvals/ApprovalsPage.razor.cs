using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Approvals;

/// <summary>What the approvals page shows.</summary>
/// <param name="Page">The approvals.</param>
/// <param name="MayDecide">Whether the visitor may decide some.</param>
public sealed record ApprovalsPageData(Page<ApprovalRow> Page, bool MayDecide);

/// <summary>Lists approvals, those that wait first; grants and denies them.</summary>
public sealed partial class ApprovalsPage
{
    private static readonly IReadOnlyList<(string Status, string Text)> Views =
        [(ApprovalStatuses.Pending, "Waiting"), (ApprovalStatuses.Granted, "Granted"), (ApprovalStatuses.Denied, "Denied")];

    /// <summary>Which ones; of <see cref="ApprovalStatuses"/>, else those that wait.</summary>
    [SupplyParameterFromQuery(Name = "status")] public string? Status { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private ApprovalsQuery Query { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string Shown => Status is ApprovalStatuses.Granted or ApprovalStatuses.Denied ? Status : ApprovalStatuses.Pending;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Configuration | LiveSubjects.Usage;

    /// <inheritdoc />
    protected override async Task<Result<ApprovalsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, new() { Status = Shown, After = After }, cancellationToken);
        return page.Failure is { } refusal ? refusal : new ApprovalsPageData(page.Value, Permissions.Of(actor, Permission.ApproveRequests) >= Reach.Teams);
    }

    private Task GrantAsync(ApprovalRow approval) => DecideAsync<GrantDialog>($"Grant a request of {approval.KeyName}", "Granted; the caller may repeat the request", approval);

    private Task DenyAsync(ApprovalRow approval) => DecideAsync<DenyDialog>($"Deny a request of {approval.KeyName}", "Denied", approval);

    private async Task DecideAsync<T>(string title, string done, ApprovalRow approval) where T : ComponentBase
    {
        if (await Dialogs.OpenFormAsync<T>(title, new(StringComparer.Ordinal) { ["Approval"] = approval }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, done, duration: 4000);
        await ReloadAsync();
    }
}
