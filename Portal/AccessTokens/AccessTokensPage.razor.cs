using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;

namespace AspireGateway.Portal.AccessTokens;

/// <summary>What the page shows.</summary>
/// <param name="Page">Tokens.</param>
/// <param name="MaySeeAll">Whether the viewer may see everybody's.</param>
/// <param name="MayMake">Whether the viewer may make one.</param>
public sealed record AccessTokensPageData(Page<AccessTokenDetails> Page, bool MaySeeAll, bool MayMake);

/// <summary>Lists access tokens; makes and revokes them.</summary>
public sealed partial class AccessTokensPage
{
    /// <summary>Everybody's of the organisation.</summary>
    [SupplyParameterFromQuery(Name = "everybody")] public bool Everybody { get; set; }

    /// <summary>Also those that work no more.</summary>
    [SupplyParameterFromQuery(Name = "ended")] public bool IncludeEnded { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private AccessTokensQuery Query { get; set; } = null!;

    [Inject] private RevokeAccessToken Revoke { get; set; } = null!;

    [Inject] private ApiAreas Areas { get; set; } = null!;

    [Inject] private IOptions<AccessTokenSettings> Settings { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string Snippet => $"curl {Navigation.BaseUri}api/keys -H \"Authorization: Bearer agw-pat-…\"";

    /// <inheritdoc />
    protected override async Task<Result<AccessTokensPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var all = Permissions.Refuse(actor, Permission.ManageTeams) is null;
        var page = await Query.RunAsync(actor, new() { Everybody = Everybody && all, IncludeEnded = IncludeEnded, After = After }, cancellationToken);
        return page.Failure is { } refusal ? refusal : new AccessTokensPageData(page.Value, all, actor.IdentityId is not null);
    }

    private void Filter(string name, bool on) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = on ? true : null, ["after"] = null }));

    private async Task MakeAsync()
    {
        await Dialogs.OpenFormAsync<AccessTokenDialog>("Make a token", new(StringComparer.Ordinal)
        {
            [nameof(AccessTokenDialog.Areas)] = Areas.All, [nameof(AccessTokenDialog.MaxDays)] = Settings.Value.MaxDays,
        });
        // Also a dialog that was dismissed may have made one.
        await ReloadAsync();
    }

    private async Task RevokeAsync(AccessTokenDetails token)
    {
        var sure = await Dialogs.ConfirmAsync($"Revoke {token.Name}", "Scripts that show it are refused at once, and so are tokens that it made. This cannot be undone.", token.Name, "Revoke token");
        if (!sure) return;
        var result = await Commands.RunAsync(actor => Revoke.RunAsync(actor, token.Id, PageLeft), PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was revoked", failure.Message, 8000);
        else Notices.Notify(NotificationSeverity.Success, $"{token.Name} revoked", duration: 4000);
        await ReloadAsync();
    }
}
