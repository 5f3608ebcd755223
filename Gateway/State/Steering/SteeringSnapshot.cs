using System.Collections.Frozen;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.State.Steering;

/// <summary>What steers an organisation's requests besides models and their strategies.</summary>
internal sealed class SteeringSnapshot
{
    /// <summary>Nothing does.</summary>
    public static readonly SteeringSnapshot Empty = new();

    /// <summary>Regions of every request; empty = any.</summary>
    public string[] Regions { get; private init; } = [];

    /// <summary>Regions by declared class of data; a class that is not here is not known.</summary>
    public FrozenDictionary<string, string[]> DataClasses { get; private init; } = FrozenDictionary<string, string[]>.Empty;

    /// <summary>Regions by end user.</summary>
    public FrozenDictionary<string, string[]> Users { get; private init; } = FrozenDictionary<string, string[]>.Empty;

    /// <summary>Regions by feature.</summary>
    public FrozenDictionary<string, string[]> Features { get; private init; } = FrozenDictionary<string, string[]>.Empty;

    /// <summary>Pins by model and whose requests.</summary>
    public FrozenDictionary<PinKey, PinSnapshot> Pins { get; private init; } = FrozenDictionary<PinKey, PinSnapshot>.Empty;

    /// <summary>Models that have pins, by name.</summary>
    public string[] PinnedModels { get; private init; } = [];

    /// <summary>Running canaries by model.</summary>
    public FrozenDictionary<string, CanarySnapshot> Canaries { get; private init; } = FrozenDictionary<string, CanarySnapshot>.Empty;

    /// <summary>From the rows.</summary>
    /// <param name="rows">The rows; null = none were ever read.</param>
    /// <param name="models">Models by name and alias.</param>
    /// <param name="deployments">Deployments that can serve.</param>
    /// <param name="previous">As it was before, whose canaries go on counting; null = it is new.</param>
    public static SteeringSnapshot Of(
        SteeringRows? rows, IReadOnlyDictionary<string, ModelSnapshot> models, IReadOnlyDictionary<Guid, DeploymentSnapshot> deployments, SteeringSnapshot? previous)
    {
        if (rows is null) return Empty;
        var residency = rows.Residency ?? [];
        CanaryState? StateOf(Guid id) => previous?.Canaries.Values.FirstOrDefault(canary => canary.Id == id)?.State;
        return new()
        {
            Canaries = (rows.Canaries ?? [])
                .Select(row => CanarySnapshot.Of(row, models.GetValueOrDefault(row.Model), deployments.GetValueOrDefault(row.Deployment), StateOf(row.Id))).OfType<CanarySnapshot>()
                .DistinctBy(canary => canary.Model).ToFrozenDictionary(canary => canary.Model, StringComparer.Ordinal),
            PinnedModels = [.. (rows.Pins ?? []).Select(row => row.Model).Where(models.ContainsKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Pins = (rows.Pins ?? []).Where(row => models.ContainsKey(row.Model)).ToFrozenDictionary(
                row => new PinKey(row.Model, row.ScopeKind, row.ScopeId), row => PinSnapshot.Of(row, models[row.Model], deployments.GetValueOrDefault(row.Deployment))),
            Regions = residency.FirstOrDefault(row => row.Kind == ResidencyScopes.Organisation)?.Regions ?? [],
            DataClasses = OfKind(residency, ResidencyScopes.DataClass), Users = OfKind(residency, ResidencyScopes.User), Features = OfKind(residency, ResidencyScopes.Feature),
        };
    }

    private static FrozenDictionary<string, string[]> OfKind(ResidencyRow[] rows, string kind) =>
        rows.Where(row => row.Kind == kind && row.Id is not null).ToFrozenDictionary(row => row.Id!, row => row.Regions, StringComparer.Ordinal);
}
