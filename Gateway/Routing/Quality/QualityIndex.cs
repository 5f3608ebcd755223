using System.Collections.Frozen;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Gateway.Routing.Quality;

/// <summary>Finds figures of quality while a snapshot is built. What was published goes before what was learned.</summary>
internal sealed class QualityIndex
{
    private readonly Dictionary<(string Provider, string Model), FrozenDictionary<string, QualityRow>> served;
    private readonly Dictionary<Guid, QualityBars> bars;

    private QualityIndex(Dictionary<(string, string), FrozenDictionary<string, QualityRow>> served, Dictionary<Guid, QualityBars> bars) => (this.served, this.bars) = (served, bars);

    /// <summary>Of the rows; null = none were ever read.</summary>
    public static QualityIndex Of(QualityRows? rows) => new(
        (rows?.Cells ?? []).Concat(rows?.Learned ?? []).DistinctBy(row => (row.Task, row.Provider, row.Model)).GroupBy(row => (row.Provider, row.Model))
            .ToDictionary(group => group.Key, group => group.ToFrozenDictionary(row => row.Task, StringComparer.Ordinal)),
        (rows?.Bars ?? []).ToDictionary(row => row.Model, row => row.Bars));

    /// <summary>What is known of a model at a provider, by task.</summary>
    public FrozenDictionary<string, QualityRow> Of(string provider, string model) => served.GetValueOrDefault((provider, model)) ?? FrozenDictionary<string, QualityRow>.Empty;

    /// <summary>The bars of a logical model.</summary>
    public QualityBars BarsOf(Guid model) => bars.GetValueOrDefault(model) ?? QualityBars.Default;
}
