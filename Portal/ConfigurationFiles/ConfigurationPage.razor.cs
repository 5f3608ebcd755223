using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace AspireGateway.Portal.ConfigurationFiles;

/// <summary>Exports and imports the configuration, lists its revisions and rolls back.</summary>
public sealed partial class ConfigurationPage
{
    private bool exporting;

    /// <summary>Where the list of revisions goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private ConfigurationQuery Query { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    [Inject] private IJSRuntime Browser { get; set; } = null!;

    /// <inheritdoc />
    protected override Task<Result<Page<ConfigurationRevision>>> LoadAsync(Actor actor, CancellationToken cancellationToken) => Query.HistoryAsync(actor, After, null, cancellationToken);

    private async Task ExportAsync()
    {
        if (exporting) return;
        exporting = true;
        try
        {
            var export = await Commands.RunAsync(actor => Query.ExportAsync(actor, PageLeft), PageLeft);
            if (export.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was exported", failure.Message, 8000);
            else await Browser.InvokeVoidAsync("portalSave", PageLeft, $"{export.Value.Slug}.yaml", export.Value.Yaml, "application/yaml;charset=utf-8");
        }
        finally
        {
            exporting = false;
        }
    }

    private async Task RollBackAsync(ConfigurationRevision revision)
    {
        if (await Dialogs.OpenFormAsync<RollBackDialog>($"Roll back to revision {revision.Revision}", new(StringComparer.Ordinal) { [nameof(RollBackDialog.Revision)] = revision }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, $"Rolled back to revision {revision.Revision}", "Gateways follow within a second.", 6000);
        await ReloadAsync();
    }
}
