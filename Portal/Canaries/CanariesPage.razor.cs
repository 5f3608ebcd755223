using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Canaries;

/// <summary>What the canaries page shows.</summary>
/// <param name="Page">The canaries.</param>
/// <param name="Choices">Models and deployments to choose from.</param>
/// <param name="MayChange">Whether the visitor may begin and end them.</param>
public sealed record CanariesPageData(Page<CanaryRow> Page, ScopeChoices Choices, bool MayChange);

/// <summary>Lists canaries with their arms side by side; begins, promotes and aborts them. Looks again by itself while one runs.</summary>
public sealed partial class CanariesPage
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(3);

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private CanariesQuery Query { get; set; } = null!;

    [Inject] private ScopeChoicesQuery Choices { get; set; } = null!;

    [Inject] private PromoteCanary Promote { get; set; } = null!;

    [Inject] private AbortCanary Abort { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Configuration | LiveSubjects.Usage;

    /// <inheritdoc />
    protected override async Task<Result<CanariesPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, After, null, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var choices = await Choices.RunAsync(actor, Permission.ManageModels, cancellationToken);
        return new CanariesPageData(page.Value, choices, Permissions.Refuse(actor, Permission.ManageModels) is null);
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        using var timer = new PeriodicTimer(LookAgain, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(PageLeft))
            {
                if (State.Data is not { } data || !data.Page.Items.Any(c => c.Status == CanaryStatuses.Running)) continue;
                await ReloadAsync();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task CreateAsync()
    {
        if (State.Data is not { } data) return;
        if (await Dialogs.OpenFormAsync<CanaryDialog>("Begin canary", new(StringComparer.Ordinal) { [nameof(CanaryDialog.Choices)] = data.Choices }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Canary begun", "The split is live within a second.", 4000);
        await ReloadAsync();
    }

    private Task PromoteAsync(CanaryRow canary) => EndAsync(
        $"Promote {canary.Deployment}",
        $"All requests for {canary.Model} go to {canary.Deployment} first, within a second; the model's other deployments stay behind it as fallbacks, in their order. To undo it, change the model's deployments.",
        "Promote", actor => Promote.RunAsync(actor, canary.Id, PageLeft), $"{canary.Deployment} is promoted");

    private Task AbortAsync(CanaryRow canary) => EndAsync(
        $"Abort the canary of {canary.Model}", $"No request goes to {canary.Deployment} because of it any more, within a second. To undo it, begin another one; it counts from the start.",
        "Abort canary", actor => Abort.RunAsync(actor, canary.Id, new(), PageLeft), "Canary aborted");

    private async Task EndAsync(string title, string consequence, string action, Func<Actor, Task<Result<CanaryDetails>>> command, string done)
    {
        if (!await Dialogs.ConfirmAsync(title, consequence, null, action)) return;
        var result = await Commands.RunAsync(command, PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, done, duration: 4000);
        await ReloadAsync();
    }
}
