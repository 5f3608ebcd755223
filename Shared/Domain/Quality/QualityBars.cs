namespace AspireGateway.Shared.Domain.Quality;

/// <summary>How good a model's deployments must be for the strategy <see cref="RoutingStrategies.Quality"/>.</summary>
/// <param name="Bar">What the lower bound has to reach, 0 to 1.</param>
/// <param name="Tasks">Bars of single tasks, by label; null = none has one of its own.</param>
public sealed record QualityBars(double Bar = QualityBars.DefaultBar, IReadOnlyDictionary<string, double>? Tasks = null)
{
    /// <summary>The bar where nothing is said.</summary>
    public const double DefaultBar = 0.8;

    /// <summary>What holds where nothing is said.</summary>
    public static readonly QualityBars Default = new();

    /// <summary>The bar of a task; null = the task is not known.</summary>
    public double Of(string? task) => task is not null && Tasks is not null && Tasks.TryGetValue(task, out var bar) ? bar : Bar;
}
