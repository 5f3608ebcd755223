using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Quality.InUse;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Quality;

/// <summary>What the page shows.</summary>
/// <param name="Table">The table as it counts now.</param>
/// <param name="Models">Logical models, for their bars and for what they serve.</param>
/// <param name="Versions">Versions of the table; null = they are not looked at.</param>
/// <param name="Changes">What differs in the version that is looked at; null = none is.</param>
/// <param name="MayChange">Whether the visitor may publish.</param>
/// <param name="InUse">How answers of the last days were taken; null = that is not looked at.</param>
/// <param name="MaySeeFeatures">Whether the visitor may see that by feature.</param>
public sealed record QualityPageData(
    QualityTable Table, IReadOnlyList<ModelRow> Models, Page<QualityVersionDetails>? Versions, IReadOnlyList<QualityChange>? Changes, bool MayChange, InUseReport? InUse = null, bool MaySeeFeatures = false)
{
    /// <summary>Tasks of the table, by name.</summary>
    public IReadOnlyList<string> Tasks { get; } = [.. Table.Cells.Concat(Table.Learned).Select(c => c.Task).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What is served or has figures, as provider and model.</summary>
    public IReadOnlyList<(string Provider, string Model)> Served { get; } =
    [
        .. Table.Cells.Concat(Table.Learned).Select(c => (c.Provider, c.Model)).Concat(Models.SelectMany(m => m.Deployments).Select(d => (d.Provider, Model: d.UpstreamModel)))
            .Distinct().OrderBy(s => s.Provider, StringComparer.Ordinal).ThenBy(s => s.Model, StringComparer.Ordinal),
    ];

    /// <summary>The bars of a model, or those where nothing is said.</summary>
    public QualityBars BarsOf(string? model) => Models.FirstOrDefault(m => m.Name == model)?.Quality ?? QualityBars.Default;

    /// <summary>The models of which something is served under a name, or null where none is.</summary>
    public string? UsedBy(string provider, string model)
    {
        var names = Models.Where(m => m.Deployments.Any(d => d.Provider == provider && d.UpstreamModel == model)).Select(m => m.Name).ToList();
        return names.Count == 0 ? null : string.Join(", ", names);
    }
}
