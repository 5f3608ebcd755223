using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Features;

/// <summary>What the features page shows.</summary>
/// <param name="Page">The features.</param>
/// <param name="MayChange">Whether the visitor may name owners.</param>
public sealed record FeaturesPageData(Page<FeatureRow> Page, bool MayChange);

/// <summary>Lists features with their owners; registers them and names owners.</summary>
public sealed partial class FeaturesPage
{
    private const string NoOwner = "none";

    /// <summary>What the name begins with.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? Search { get; set; }

    /// <summary><c>none</c> = only features that nobody answers for.</summary>
    [SupplyParameterFromQuery(Name = "owner")] public string? Owner { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private FeaturesQuery Query { get; set; } = null!;

    [Inject] private DeleteFeature Delete { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private bool UnownedOnly => string.Equals(Owner, NoOwner, StringComparison.Ordinal);

    /// <inheritdoc />
    protected override async Task<Result<FeaturesPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, new() { Search = Search, After = After }, UnownedOnly, cancellationToken);
        return page.Failure is { } refusal ? refusal : new FeaturesPageData(page.Value, Permissions.Refuse(actor, Permission.ManageFeatures) is null);
    }

    private void Filter(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["after"] = null }));

    private async Task EditAsync(FeatureRow? feature)
    {
        if (await Dialogs.EditFeatureAsync(Notices, feature)) await ReloadAsync();
    }

    private async Task DeleteAsync(FeatureRow feature)
    {
        if (feature.Id is not { } id || !await Dialogs.ConfirmAsync(
                $"Take the registration of {feature.Name} away",
                "It stands without an owner and a description then, for as long as requests name it. Its requests, limits and budgets stay. To undo it, register it again.", null, "Take it away")) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, $"{feature.Name} is not registered any more", duration: 4000);
        await ReloadAsync();
    }
}
