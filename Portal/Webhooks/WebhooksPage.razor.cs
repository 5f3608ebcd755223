using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Lists webhooks; adds, tries, changes and deletes them.</summary>
public sealed partial class WebhooksPage
{
    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private WebhooksQuery Query { get; set; } = null!;

    [Inject] private TestWebhook Test { get; set; } = null!;

    [Inject] private DeleteWebhook Delete { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override Task<Result<Page<WebhookDetails>>> LoadAsync(Actor actor, CancellationToken cancellationToken) => Query.RunAsync(actor, After, null, cancellationToken);

    private async Task EditAsync(WebhookDetails? webhook)
    {
        var saved = await Dialogs.OpenFormAsync<WebhookDialog>(
            webhook is null ? "Add webhook" : $"Edit {webhook.Name}", new(StringComparer.Ordinal) { [nameof(WebhookDialog.Webhook)] = webhook });
        if (saved is true) Notices.Notify(NotificationSeverity.Success, webhook is null ? "Webhook added" : "Webhook saved", duration: 4000);
        // Also a dialog that was dismissed may have made one.
        await ReloadAsync();
    }

    private async Task TestAsync(WebhookDetails webhook)
    {
        var result = await Commands.RunAsync(actor => Test.RunAsync(actor, webhook.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was sent", failure.Message, 8000);
        else if (result.Value.DeliveredAt is not null) Notices.Notify(NotificationSeverity.Success, $"{webhook.Name} took the test", $"It answered {result.Value.LastStatus}.", 4000);
        else Notices.Notify(NotificationSeverity.Error, $"{webhook.Name} did not take the test", result.Value.LastError ?? "", 8000);
    }

    private async Task DeleteAsync(WebhookDetails webhook)
    {
        var sure = await Dialogs.ConfirmAsync(
            $"Delete {webhook.Name}", $"{webhook.Url} is told nothing more; what waits for it is dropped, and its deliveries and its secret go with it. This cannot be undone.", webhook.Name, "Delete webhook");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, webhook.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was deleted", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, $"{webhook.Name} deleted", duration: 4000);
        await ReloadAsync();
    }
}
