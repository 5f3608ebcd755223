using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Quality.InUse;
using AspireGateway.Portal.Reliability.Figures;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Quality;

/// <summary>Shows the table of quality against the bars of a model, and its versions; imports figures and puts versions back.</summary>
public sealed partial class QualityPage
{
    /// <summary>The view: the table, or <c>versions</c>.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>What a row of the view <c>use</c> is.</summary>
    [SupplyParameterFromQuery(Name = "by")] public string? By { get; set; }

    /// <summary>The model whose bars are looked at; missing = 0.8.</summary>
    [SupplyParameterFromQuery(Name = "for")] public string? For { get; set; }

    /// <summary>The version whose differences are looked at.</summary>
    [SupplyParameterFromQuery(Name = "version")] public int? Version { get; set; }

    /// <summary>Where the list of versions goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private QualityQuery Query { get; set; } = null!;

    [Inject] private InUseQuery InUse { get; set; } = null!;

    [Inject] private ModelsQuery ModelRows { get; set; } = null!;

    [Inject] private RestoreQuality Restore { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private bool IsVersions => View == "versions";

    private bool IsUse => View == "use";

    /// <inheritdoc />
    protected override async Task<Result<QualityPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var table = await Query.RunAsync(actor, cancellationToken);
        if (table.Failure is { } refusal) return refusal;
        var models = await ModelRows.RunAsync(actor, null, PageSize.Max, cancellationToken);
        if (models.Failure is { } noModels) return noModels;
        InUseReport? use = null;
        if (IsUse)
        {
            var found = await InUse.RunAsync(actor, InUseQuery.Groups.Any(g => g.Key == By) ? By : null, cancellationToken);
            if (found.Failure is { } noUse) return noUse;
            use = found.Value;
        }
        Page<QualityVersionDetails>? versions = null;
        IReadOnlyList<QualityChange>? changes = null;
        if (IsVersions)
        {
            var page = await Query.VersionsAsync(actor, After, 20, cancellationToken);
            if (page.Failure is { } noVersions) return noVersions;
            versions = page.Value;
            if (Version is { } version)
            {
                var differences = await Query.ChangesAsync(actor, version, null, cancellationToken);
                if (differences.Succeeded) changes = differences.Value.Items;
            }
        }
        return new QualityPageData(table.Value, models.Value.Items, versions, changes, Permissions.Refuse(actor, Permission.ManageModels) is null, use, FiguresQuery.MaySeeFeatures(actor));
    }

    private bool IsEmpty(QualityPageData data) => IsUse ? data.InUse!.Rows.Count == 0 : data.Table.Version is null && (IsVersions || data.Table.Learned.Count == 0);

    private static List<BarChoice> Choices(QualityPageData data) =>
        [new("", "0.80, the usual one"), .. data.Models.Where(m => m.Strategy == RoutingStrategies.Quality || m.Quality is not null).Select(m => new BarChoice(m.Name, m.Name))];

    private void Choose(string? model) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("for", string.IsNullOrEmpty(model) ? null : model));

    private async Task ImportAsync()
    {
        if (await Dialogs.OpenFormAsync<ImportQualityDialog>("Import figures", new(StringComparer.Ordinal)) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Figures published", "Gateways follow within a second.", 4000);
        await ReloadAsync();
    }

    private async Task RestoreAsync(QualityVersionDetails version)
    {
        if (!await Dialogs.ConfirmAsync($"Put version {version.Version} back", $"The table becomes what it was in version {version.Version}, as a new version; gateways follow within a second. The versions in between stay in the list.", null, "Put back"))
            return;
        var result = await Commands.RunAsync(actor => Restore.RunAsync(actor, version.Version, new(), PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, $"Version {version.Version} counts again, as version {result.Value.Version}", duration: 4000);
        await ReloadAsync();
    }

    private sealed record BarChoice(string Name, string Text);
}
