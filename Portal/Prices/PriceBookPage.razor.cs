using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Prices;

/// <summary>Lists the prices that hold and the files they came from; imports one.</summary>
public sealed partial class PriceBookPage
{
    private const int BooksShown = 10;

    /// <summary>Only this provider's deployments.</summary>
    [SupplyParameterFromQuery(Name = "provider")] public Guid? Provider { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private DeploymentsQuery Deployments { get; set; } = null!;

    [Inject] private ProvidersQuery Providers { get; set; } = null!;

    [Inject] private PriceBookQuery Books { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<PricesPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var deployments = await Deployments.RunAsync(actor, Provider, After, null, cancellationToken);
        if (deployments.Failure is { } refusal) return refusal;
        var providers = await Providers.RunAsync(actor, null, PageSize.Max, cancellationToken);
        if (providers.Failure is { } noProviders) return noProviders;
        var books = await Books.RunAsync(actor, null, BooksShown, cancellationToken);
        return books.Failure is { } noBooks
            ? noBooks
            : new PricesPageData(deployments.Value, providers.Value.Items, books.Value.Items, Permissions.Refuse(actor, Permission.ManageModels) is null);
    }

    private void Filter(ChangeEventArgs change) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["provider"] = Guid.TryParse(change.Value as string, out var id) ? id : null, ["after"] = null }));

    private async Task ImportAsync()
    {
        if (await Dialogs.OpenFormAsync<ImportPricesDialog>("Import price book", []) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Price book imported", "Gateways use it within a second.", 4000);
        await ReloadAsync();
    }
}
