using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Organisations;

/// <summary>Lists organisations and creates them. For operators.</summary>
public sealed partial class OrganisationsPage
{
    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private OrganisationsQuery Query { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<Result<Page<OrganisationDetails>>> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        Permissions.Of(actor, Permission.ManageOrganisations) == Reach.None
            ? new Failure.Forbidden("Your role may not create or list organisations.") : await Query.RunAsync(actor, After, null, cancellationToken);

    private async Task CreateAsync()
    {
        if (await Dialogs.OpenFormAsync<OrganisationDialog>("Create organisation", []) is not true) return;
        Notices.Notify(NotificationSeverity.Success, "Organisation created", "Open it from the list or the bar at the top.", 6000);
        await ReloadAsync();
    }
}
