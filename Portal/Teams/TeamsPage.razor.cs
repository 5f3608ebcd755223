using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Teams;

/// <summary>What the teams page shows.</summary>
/// <param name="Page">The teams.</param>
/// <param name="MayChange">Whether the visitor may create and change them.</param>
/// <param name="SeesMembersOf">Whose members the visitor may see; null = nobody's.</param>
public sealed record TeamsPageData(Page<TeamRow> Page, bool MayChange, Func<TeamRow, bool>? SeesMembersOf);

/// <summary>Lists teams; creates, changes and archives them.</summary>
public sealed partial class TeamsPage
{
    /// <summary>What the name begins with.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? Search { get; set; }

    /// <summary>Whether archived teams are shown too.</summary>
    [SupplyParameterFromQuery(Name = "archived")] public bool Archived { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private TeamsQuery Query { get; set; } = null!;

    [Inject] private ArchiveTeam Archive { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<TeamsPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var page = await Query.RunAsync(actor, new() { Search = Search, IncludeArchived = Archived, After = After }, cancellationToken);
        return page.Failure is { } refusal ? refusal : new TeamsPageData(page.Value, Permissions.Refuse(actor, Permission.ManageTeams) is null,
            Permissions.Refuse(actor, Permission.SeePeople) is null ? team => Permissions.Refuse(actor, Permission.SeePeople, team.Id, null) is null : null);
    }

    private void Filter(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["after"] = null }));

    private async Task EditAsync(TeamRow? team)
    {
        var saved = await Dialogs.OpenFormAsync<TeamDialog>(
            team is null ? "Create team" : $"Edit {team.Name}", new(StringComparer.Ordinal) { [nameof(TeamDialog.Team)] = team });
        if (saved is not true) return;
        Notices.Notify(NotificationSeverity.Success, team is null ? "Team created" : "Team saved", duration: 4000);
        await ReloadAsync();
    }

    // Archiving can be undone with the same button, so it asks for no phrase; bringing back needs no question at all.
    private async Task ArchiveAsync(TeamRow team)
    {
        var archive = team.ArchivedAt is null;
        if (archive && !await Dialogs.ConfirmAsync(
                $"Archive {team.Name}",
                $"{(team.LiveKeys == 1 ? "Its 1 live key stops" : $"Its {team.LiveKeys} live keys stop")} working within a second. Bringing the team back makes them work again.",
                null, "Archive team")) return;
        var result = await Commands.RunAsync(actor => Archive.RunAsync(actor, team.Id, archive, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, archive ? $"{team.Name} is archived" : $"{team.Name} is back", duration: 4000);
        await ReloadAsync();
    }
}
