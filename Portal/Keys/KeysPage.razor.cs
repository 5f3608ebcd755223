using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tiers;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Keys;

/// <summary>Lists keys; issues, edits, rotates and revokes them.</summary>
public sealed partial class KeysPage
{
    private static readonly IReadOnlyList<Choice> States =
        [new("Live", KeyStates.Live), new("Expiring soon", KeyStates.Expiring), new("Retiring", KeyStates.Retiring), new("Expired", KeyStates.Expired), new("Revoked", KeyStates.Revoked)];

    private IReadOnlySet<Guid> selected = new HashSet<Guid>();
    private bool offered;

    /// <summary>What the name or the secret begins with.</summary>
    [SupplyParameterFromQuery(Name = "q")] public string? Search { get; set; }

    /// <summary>Only this team's.</summary>
    [SupplyParameterFromQuery(Name = "team")] public Guid? TeamId { get; set; }

    /// <summary>Only in this state.</summary>
    [SupplyParameterFromQuery(Name = "state")] public string? KeyState { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    /// <summary>True opens the dialog at once: other pages link here to begin.</summary>
    [SupplyParameterFromQuery(Name = "issue")] public bool Issue { get; set; }

    [Inject] private KeysQuery Query { get; set; } = null!;

    [Inject] private KeyChoicesQuery Choices { get; set; } = null!;

    [Inject] private TiersQuery Tiers { get; set; } = null!;

    [Inject] private RevokeKeys Revoke { get; set; } = null!;

    [Inject] private LiftKeyBrake Lift { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private bool IsFiltered => !string.IsNullOrEmpty(Search) || TeamId is not null || !string.IsNullOrEmpty(KeyState);

    /// <inheritdoc />
    protected override async Task<Result<KeysPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        selected = new HashSet<Guid>();
        var filter = new KeysFilter { Search = Search, TeamId = TeamId, State = KeyState, After = After };
        var page = await Query.RunAsync(actor, filter, cancellationToken);
        if (page.Failure is { } refusal) return refusal;
        var choices = await Choices.RunAsync(actor, cancellationToken);
        if (choices.Failure is { } failure) return failure;
        return new KeysPageData(page.Value, choices.Value.Teams, choices.Value.Models, Permissions.Refuse(actor, Permission.ManageKeys) is null)
        {
            MayTier = Permissions.Refuse(actor, Permission.ManageBudgets) is null,
            Liftable = page.Value.Items.Where(k => k.Anomaly is not null && Permissions.Refuse(actor, Permission.ThrowKillSwitch, k.TeamId, k.OwnerId) is null).Select(k => k.Id).ToHashSet(),
        };
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!Issue || offered || State.Data is not { MayIssue: true }) return;
        offered = true;
        await IssueAsync();
    }

    // Every filter is in the address; a change of one begins at the first page again.
    private void Filter(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["after"] = null, ["issue"] = null }));

    private async Task IssueAsync()
    {
        if (State.Data is not { } data) return;
        var issued = await Dialogs.OpenFormAsync<IssueKeyDialog>("Issue key", new(StringComparer.Ordinal)
        {
            [nameof(IssueKeyDialog.Teams)] = data.Teams,
            [nameof(IssueKeyDialog.Models)] = data.Models,
            [nameof(IssueKeyDialog.PreferredTeam)] = TeamId,
        });
        if (Issue) Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("issue", (bool?)null), replace: true);
        else if (issued is not null) await ReloadAsync();
    }

    private async Task EditAsync(KeyRow key)
    {
        var edited = await Dialogs.OpenFormAsync<EditKeyDialog>($"Edit {key.Name}", new(StringComparer.Ordinal) { [nameof(EditKeyDialog.Key)] = key, [nameof(EditKeyDialog.Models)] = Usable(key) });
        if (edited is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Key saved", "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task RotateAsync(KeyRow key)
    {
        var rotated = await Dialogs.OpenFormAsync<RotateKeyDialog>($"Rotate {key.Name}", new(StringComparer.Ordinal)
        {
            [nameof(RotateKeyDialog.Key)] = key,
            [nameof(RotateKeyDialog.Models)] = Usable(key),
        });
        if (rotated is not null) await ReloadAsync();
    }

    private async Task ExtendAsync(IReadOnlyList<KeyRow> keys)
    {
        var title = keys is [var only] ? $"Extend {only.Name}" : $"Extend {keys.Count} keys";
        if (await Dialogs.OpenFormAsync<ExtendKeysDialog>(title, new(StringComparer.Ordinal) { [nameof(ExtendKeysDialog.Keys)] = keys }) is not true) return;
        Notices.Notify(NotificationSeverity.Success, keys.Count == 1 ? "1 key extended" : $"{keys.Count} keys extended", duration: 4000);
        await ReloadAsync();
    }

    private async Task TierAsync(IReadOnlyList<KeyRow> keys)
    {
        var tiers = await Commands.RunAsync(actor => Tiers.RunAsync(actor, null, PageSize.Max, PageLeft), PageLeft);
        if (tiers.Failure is not null || tiers.Value.Items.Count == 0)
        {
            Notices.Notify(NotificationSeverity.Warning, "No tier to give", tiers.Failure?.Message ?? "Add one on the page of limits first.", 8000);
            return;
        }
        var title = keys is [var only] ? $"Give {only.Name} a tier" : $"Give {keys.Count} keys a tier";
        var given = await Dialogs.OpenFormAsync<KeysTierDialog>(title, new(StringComparer.Ordinal) { [nameof(KeysTierDialog.Keys)] = keys, [nameof(KeysTierDialog.Tiers)] = tiers.Value.Items });
        if (given is not true) return;
        Notices.Notify(NotificationSeverity.Success, keys.Count == 1 ? "1 key has the tier" : $"{keys.Count} keys have the tier", duration: 4000);
        await ReloadAsync();
    }

    private async Task LiftAsync(KeyRow key)
    {
        if (key.Anomaly is not { } held || !await Dialogs.ConfirmLiftAsync(held, key.Name)) return;
        var result = await Commands.RunAsync(actor => Lift.RunAsync(actor, held.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, "The key goes again", "Every gateway serves it within a second.", 4000);
        await ReloadAsync();
    }

    private async Task RevokeAsync(IReadOnlyList<KeyRow> keys)
    {
        var one = keys is [var only] ? only : null;
        var sure = await Dialogs.ConfirmAsync(
            one is null ? $"Revoke {keys.Count} keys" : $"Revoke {one.Name}",
            (one is null ? $"{keys.Count} keys stop working" : $"The key {one.Name} of team {one.TeamName} stops working")
                + " on every gateway within a second, also for applications that still use it. This cannot be undone; a new key has to be issued instead.",
            one?.Name ?? $"revoke {keys.Count} keys",
            one is null ? "Revoke keys" : "Revoke key");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => Revoke.RunAsync(actor, new() { Ids = [.. keys.Select(k => k.Id)] }, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was revoked", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, result.Value.Revoked == 1 ? "1 key revoked" : $"{result.Value.Revoked} keys revoked", duration: 4000);
        await ReloadAsync();
    }

    private IReadOnlyList<string> Usable(KeyRow key) => State.Data is { } data ? data.Teams.FirstOrDefault(t => t.Id == key.TeamId)?.Usable(data.Models) ?? data.Models : [];

    private sealed record Choice(string Text, string Value);
}
