using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Reliability.Figures;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Reliability;

/// <summary>Shows circuits, figures and what happened; opens and closes circuits, sets breakers and what models do when they fail.</summary>
public sealed partial class ReliabilityPage
{
    private const string FiguresView = "figures", ModelsView = "models", EventsView = "events";

    /// <summary>What is shown: deployments, <c>figures</c>, <c>models</c> or <c>events</c>.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    /// <summary>How many hours back; 1 or 24.</summary>
    [SupplyParameterFromQuery(Name = "hours")] public int? Hours { get; set; }

    /// <summary>Of figures: what a row is; of <see cref="FigureGroups.All"/>.</summary>
    [SupplyParameterFromQuery(Name = "by")] public string? By { get; set; }

    /// <summary>Of figures: how far back; of <see cref="FigureRanges.All"/>.</summary>
    [SupplyParameterFromQuery(Name = "range")] public string? Range { get; set; }

    /// <summary>Of figures: what comes first; of <see cref="FigureOrders.All"/>.</summary>
    [SupplyParameterFromQuery(Name = "sort")] public string? Sort { get; set; }

    /// <summary>Where the page goes on.</summary>
    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] private ReliabilityQuery Query { get; set; } = null!;

    [Inject] private FiguresQuery Figures { get; set; } = null!;

    [Inject] private PublicAddress Public { get; set; } = null!;

    [Inject] private ModelReliabilityQuery Models { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string GroupBy => FigureGroups.All.Any(g => g.Key == By) ? By! : FigureGroups.All[0].Key;

    private string Span => Range == FigureRanges.Week ? FigureRanges.Week : FigureRanges.Day;

    private string First => FigureOrders.All.Contains(Sort) ? Sort! : FigureOrders.Requests;

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Configuration | LiveSubjects.Usage;

    /// <inheritdoc />
    protected override async Task<Result<ReliabilityPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var mayChange = Permissions.Refuse(actor, Permission.ManageModels) is null;
        if (Shows(FiguresView))
        {
            var figures = await Figures.RunAsync(actor, new() { By = GroupBy, Range = Span, Sort = First }, cancellationToken);
            return figures.Failure is { } noFigures ? noFigures : new ReliabilityPageData { Figures = figures.Value, MaySeeFeatures = FiguresQuery.MaySeeFeatures(actor) };
        }
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

    private bool Shows(string view) => string.Equals(View is FiguresView or ModelsView or EventsView ? View : "", view, StringComparison.Ordinal);

    private static string Address(string by, string range, string sort) => $"reliability?view={FiguresView}&by={by}&range={range}&sort={sort}";

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
