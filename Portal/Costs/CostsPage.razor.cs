using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AspireGateway.Portal.Costs;

/// <summary>Explores what was spent.</summary>
public sealed partial class CostsPage
{
    private static readonly IReadOnlyList<PeriodChoice> Periods = [.. CostPeriod.All.Select(p => new PeriodChoice(p.Key, p.Name))];

    /// <summary>The time; of <see cref="CostPeriod.All"/>.</summary>
    [SupplyParameterFromQuery(Name = "period")] public string? Period { get; set; }

    /// <summary>What to group by.</summary>
    [SupplyParameterFromQuery(Name = "by")] public string? By { get; set; }

    /// <summary>Only this feature.</summary>
    [SupplyParameterFromQuery(Name = "feature")] public string? Feature { get; set; }

    /// <summary>Only this team.</summary>
    [SupplyParameterFromQuery(Name = "team")] public string? Team { get; set; }

    /// <summary>Only this user.</summary>
    [SupplyParameterFromQuery(Name = "user")] public string? User { get; set; }

    /// <summary>Only this key.</summary>
    [SupplyParameterFromQuery(Name = "key")] public string? KeyId { get; set; }

    /// <summary>Only this agent.</summary>
    [SupplyParameterFromQuery(Name = "agent")] public string? Agent { get; set; }

    /// <summary>Only this model.</summary>
    [SupplyParameterFromQuery(Name = "model")] public string? Model { get; set; }

    /// <summary>Only this provider.</summary>
    [SupplyParameterFromQuery(Name = "provider")] public string? Provider { get; set; }

    /// <summary>Only this task.</summary>
    [SupplyParameterFromQuery(Name = "task")] public string? TaskName { get; set; }

    [Inject] private CostsQuery Query { get; set; } = null!;

    [Inject] private PublicAddress Public { get; set; } = null!;

    [Inject] private IJSRuntime Browser { get; set; } = null!;

    private string PeriodKey => CostPeriod.All.Any(p => p.Key == Period) ? Period! : CostPeriod.All[0].Key;

    // Ids that are none would be an error of the database's: they match nothing.
    private IReadOnlyList<(Facet Facet, string Value)> Filters =>
    [
        .. new (string Name, string? Value)[] { ("feature", Feature), ("team", Team), ("user", User), ("key", KeyId), ("agent", Agent), ("model", Model), ("provider", Provider), ("task", TaskName) }
            .Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => (Facet: Facet.Of(f.Name)!, Value: f.Value!))
            .Select(f => f.Facet.IsId && !Guid.TryParse(f.Value, out _) ? (f.Facet, Guid.Empty.ToString()) : f),
    ];

    /// <inheritdoc />
    protected override LiveSubjects Follows => LiveSubjects.Usage;

    /// <inheritdoc />
    protected override Task<Result<CostsData>> LoadAsync(Actor actor, CancellationToken cancellationToken) =>
        Query.RunAsync(actor, new() { Period = PeriodKey, By = By, Values = Filters }, cancellationToken);

    private string Chip(string name, string value) => $"{char.ToUpperInvariant(name[0])}{name[1..]} {State.Data?.Names.GetValueOrDefault(value) ?? value}";

    private void Go(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value));

    private string Address(string? by, IEnumerable<(Facet Facet, string Value)> filters) => CostLinks.Explore(PeriodKey, by, filters);

    // One step deeper: only this group, by what tells most about it.
    private string? Narrow(string by, CostRow row) =>
        row.Group.Length == 0 || by is "tag" or "day" || Filters.Any(f => f.Facet.Name == by) ? null
        : by == "feature" && Filters.Count == 0 ? CostLinks.Feature(row.Group, PeriodKey)
        : Address(by != "model" ? "model" : Filters.Any(f => f.Facet.Name == "feature") ? "task" : "feature", [.. Filters, (Facet.Of(by)!, row.Group)]);

    private string? Drill(CostsData data, CostRow row) => CostLinks.Requests(data, row, Filters);

    private async Task DownloadAsync(CostsData data) =>
        await Browser.InvokeVoidAsync("portalDownload", $"costs-by-{data.By}-{data.Period.First:yyyy-MM-dd}-{data.Period.End.AddDays(-1):yyyy-MM-dd}.csv", CostCsv.Write(data));

    private sealed record PeriodChoice(string Key, string Name);
}
