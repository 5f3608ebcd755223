using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Reliability;

/// <summary>Shows circuits, figures and what happened; opens and closes circuits, sets breakers and what models do when they fail.</summary>
public sealed partial class ReliabilityPage
{
    private const string ModelsView = "models", EventsView = "events";

    /// <summary>The list: deployments, <c>models</c> or <c>events</c>.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>How many hours back; 1 or 24.</summary>
    [SupplyParameterFromQuery(Name = "hours")] public int? Hours { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private ReliabilityQuery Query { get; set; } = null!;

    [Inject] private ModelReliabilityQuery Models { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Configuration | LiveSubjects.Usage;

    /// <inheritdoc />
    protected override async Task<Result<ReliabilityPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var mayChange = Permissions.Refuse(actor, Permission.ManageModels) is null;
        if (Shows(EventsView))
        {
            var events = await Query.EventsAsync(actor, null, After, null, cancellationToken);
            return events.Failure is { } noEvents ? noEvents : new ReliabilityPageData { Events = events.Value.Items, Next = events.Value.Next, MayChange = mayChange };
        }
        if (Shows(ModelsView))
        {
            var models = await Models.RunAsync(actor, After, null, cancellationToken);
            return models.Failure is { } noModels ? noModels : new ReliabilityPageData { Models = models.Value.Items, Next = models.Value.Next, MayChange = mayChange };
        }
        var deployments = await Query.RunAsync(actor, Hours is 24 ? 24 : 1, cancellationToken);
        return deployments.Failure is { } refusal ? refusal : new ReliabilityPageData { Deployments = deployments.Value.Items, MayChange = mayChange };
    }

    private bool Shows(string view) => string.Equals(View is ModelsView or EventsView ? View : "", view, StringComparison.Ordinal);

    private Task OrderAsync(ReliabilityRow row, bool open) => OpenAsync<CircuitDialog>(
        open ? $"Take {row.Name} out" : $"Put {row.Name} back", open ? $"{row.Name} gets no more requests" : $"{row.Name} gets requests again", (nameof(CircuitDialog.Row), row), (nameof(CircuitDialog.Open), open));

    private Task EditBreakerAsync(ReliabilityRow row) => OpenAsync<BreakerDialog>($"Breaker of {row.Name}", "Breaker saved", (nameof(BreakerDialog.Row), row));

    private Task EditModelAsync(ModelReliabilityDetails model) => OpenAsync<ModelReliabilityDialog>($"When {model.Model} fails", "Saved", (nameof(ModelReliabilityDialog.Model), model));

    private async Task OpenAsync<T>(string title, string done, params (string Name, object? Value)[] parameters) where T : ComponentBase
    {
        if (await Dialogs.OpenFormAsync<T>(title, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)) is not true) return;
        Notices.Notify(NotificationSeverity.Success, done, "Gateways hold to it within a second.", 4000);
        await ReloadAsync();
    }
}
