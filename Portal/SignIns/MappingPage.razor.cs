using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Security.Oidc;
using AspireGateway.Portal.Teams;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.SignIns;

/// <summary>What the page shows.</summary>
/// <param name="Page">Rows.</param>
/// <param name="Teams">Teams to choose from.</param>
/// <param name="HasProvider">Whether people sign in by an identity provider at all.</param>
public sealed record MappingPageData(Page<MappingRow> Page, IReadOnlyList<TeamRow> Teams, bool HasProvider);

/// <summary>Lists the sign-in mapping; adds, changes and deletes rows.</summary>
public sealed partial class MappingPage
{
    private const string EmptyText =
        "People sign in with the company's identity provider, which sends along their groups. Map a group to a role, and everybody in it has that role here; nobody has to be added by hand.";

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private MappingsQuery Query { get; set; } = null!;

    [Inject] private TeamsQuery Teams { get; set; } = null!;

    [Inject] private DeleteMapping Delete { get; set; } = null!;

    [Inject] private IServiceProvider Services { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<MappingPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, After, null, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var teams = await Teams.RunAsync(actor, new() { Limit = PageSize.Max }, cancellationToken);
        return teams.Failure is { } failure ? failure : new MappingPageData(page.Value, teams.Value.Items, Services.GetService<OidcSettings>() is not null);
    }

    private async Task EditAsync(MappingDetails? row)
    {
        var saved = await Dialogs.OpenFormAsync<MappingDialog>(row is null ? "Map a value" : $"Edit {row.Value}", new(StringComparer.Ordinal)
        {
            [nameof(MappingDialog.Row)] = row, [nameof(MappingDialog.Teams)] = State.Data?.Teams ?? [],
        });
        if (saved is not true) return;
        Notices.Notify(NotificationSeverity.Success, row is null ? "Value mapped" : "Mapping saved", duration: 4000);
        await ReloadAsync();
    }

    private async Task DeleteAsync(MappingRow row)
    {
        var people = row.People switch { 0 => "Nobody carries it yet.", 1 => "One person carries it.", var many => $"{many} people carry it." };
        var sure = await Dialogs.ConfirmAsync(
            $"Delete {row.Mapping.Value}", $"{people} Who has no role by another value is out at once, also from pages that are open; their keys go on working.", row.Mapping.Value, "Delete mapping");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => Delete.RunAsync(actor, row.Mapping.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was deleted", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "Mapping deleted", duration: 4000);
        await ReloadAsync();
    }
}
