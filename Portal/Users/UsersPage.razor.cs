using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.SignIns;
using AspireGateway.Portal.Teams;
using AspireGateway.Portal.Teams.Members;
using AspireGateway.Portal.Usage;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Users;

/// <summary>What the users page shows: people or end users.</summary>
public sealed record UsersPageData
{
    /// <summary>The people; null = end users are shown.</summary>
    public Page<PersonRow>? People { get; init; }

    /// <summary>The end users; null = people are shown.</summary>
    public Page<NamedUsage>? EndUsers { get; init; }

    /// <summary>Whether the visitor may see people.</summary>
    public required bool MaySeePeople { get; init; }

    /// <summary>Whether the visitor may see what end users spend.</summary>
    public required bool MaySeeUse { get; init; }

    /// <summary>Whether the visitor may change roles.</summary>
    public required bool MayChange { get; init; }

    /// <summary>The team whose members alone are shown; null = everybody.</summary>
    public TeamRow? Team { get; init; }

    /// <summary>Whether the visitor may say who is in that team.</summary>
    public bool MayChangeMembers { get; init; }

    /// <summary>The visitor's own user: nobody changes their own role.</summary>
    public Guid? Self { get; init; }
}

/// <summary>Lists people and end users; changes roles and ends sessions.</summary>
public sealed partial class UsersPage
{
    private const string EndUsersView = "end-users";

    private static readonly IReadOnlyList<Choice> RoleChoices = [.. SetRole.Choices.Select(r => new Choice(RoleWords.Of(r), r))];

    /// <summary>The list: people, or <c>end-users</c>.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>What the name or address begins with.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? Search { get; set; }

    /// <summary>Only of this role.</summary>
    [SupplyParameterFromQuery(Name = "role")] public string? Role { get; set; }

    /// <summary>Only members of this team.</summary>
    [SupplyParameterFromQuery(Name = "team")] public Guid? Team { get; set; }

    /// <summary>Whether those whose access ended are shown too.</summary>
    [SupplyParameterFromQuery(Name = "ended")] public bool Ended { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private PeopleQuery People { get; set; } = null!;

    [Inject] private EndUsersQuery EndUsers { get; set; } = null!;

    [Inject] private TeamsQuery Teams { get; set; } = null!;

    [Inject] private RemoveMember Remove { get; set; } = null!;

    [Inject] private EndSessions End { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private bool ShowsEndUsers => string.Equals(View, EndUsersView, StringComparison.Ordinal);

    /// <inheritdoc />
    protected override async Task<Result<UsersPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var data = new UsersPageData
        {
            MaySeePeople = Permissions.Refuse(actor, Permission.SeePeople) is null, MaySeeUse = Permissions.Refuse(actor, Permission.SeeCosts) is null,
            MayChange = Permissions.Refuse(actor, Permission.ManageTeams) is null, Self = actor.UserId,
        };
        // Who may see one of the two only gets that one.
        if (ShowsEndUsers || !data.MaySeePeople)
        {
            var users = await EndUsers.RunAsync(actor, new() { Search = Search, After = After }, cancellationToken);
            return users.Failure is { } refusal ? refusal : data with { EndUsers = users.Value };
        }
        if (Team is { } team)
        {
            var found = await Teams.OneAsync(actor, team, cancellationToken);
            if (found.Failure is { } unknown) return unknown;
            data = data with { Team = found.Value, MayChangeMembers = Permissions.Refuse(actor, Permission.ManageMembers, team, null) is null };
        }
        var people = await People.RunAsync(actor, new() { Search = Search, Role = Role, TeamId = Team, IncludeDisabled = Ended, After = After }, cancellationToken);
        return people.Failure is { } failure ? failure : data with { People = people.Value };
    }

    private void Filter(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["after"] = null }));

    private async Task EditAsync(PersonRow person)
    {
        if (await Dialogs.OpenFormAsync<RoleDialog>($"Role of {person.DisplayName}", new(StringComparer.Ordinal) { [nameof(RoleDialog.Person)] = person }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Role saved", "It holds from their next click on.", 4000);
        await ReloadAsync();
    }

    private async Task MemberAsync(TeamRow team, PersonRow? person)
    {
        var saved = await Dialogs.OpenFormAsync<MemberDialog>(
            person is null ? $"Add somebody to {team.Name}" : $"{person.DisplayName} in {team.Name}",
            new(StringComparer.Ordinal)
            {
                [nameof(MemberDialog.Team)] = team.Id, [nameof(MemberDialog.Email)] = person?.Email, [nameof(MemberDialog.Leads)] = person?.Teams.Any(t => t.Id == team.Id && t.IsLead) ?? false,
            });
        if (saved is not true) return;
        Notices.Notify(NotificationSeverity.Success, person is null ? $"Added to {team.Name}" : "Saved", "It holds from their next click on.", 4000);
        await ReloadAsync();
    }

    private async Task RemoveAsync(TeamRow team, PersonRow person)
    {
        var sure = await Dialogs.ConfirmAsync(
            $"Take {person.DisplayName} out of {team.Name}", $"{person.Email} sees nothing of the team any more. Keys that they issued go on working: revoke those on the Keys page.", null, "Take out");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => Remove.RunAsync(actor, team.Id, person.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, $"{person.DisplayName} is out of {team.Name}", duration: 4000);
        await ReloadAsync();
    }

    private async Task EndAsync(PersonRow person)
    {
        var many = person.Sessions == 1 ? "1 session" : $"{person.Sessions} sessions";
        var sure = await Dialogs.ConfirmAsync(
            $"End the sessions of {person.DisplayName}",
            $"{person.Email} is signed out on every device: {many}, in every organisation they are in. They may sign in again at once; role and access tokens stay. To keep somebody out, take them out at the identity provider.",
            null, "End sessions");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => End.RunAsync(actor, person.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was ended", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, result.Value.Ended == 1 ? "1 session ended" : $"{result.Value.Ended} sessions ended", duration: 4000);
        await ReloadAsync();
    }

    private sealed record Choice(string Text, string Value);
}
