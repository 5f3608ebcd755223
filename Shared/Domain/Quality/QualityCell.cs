namespace AspireGateway.Shared.Domain.Quality;

/// <summary>How well one model does one task, in a version of the table. Of what is served: the provider and its own name of the model, whatever logical models lead there.</summary>
public sealed class QualityCell
{
    /// <summary>The version of the table.</summary>
    public Guid VersionId { get; set; }

    /// <summary>The task's label, as the classifier or <c>x-gateway-task</c> says it.</summary>
    public required string Task { get; set; }

    /// <summary>The provider's slug.</summary>
    public required string Provider { get; set; }

    /// <summary>The provider's own name of the model.</summary>
    public required string Model { get; set; }

    /// <summary>Mean score of the samples, 0 to 1.</summary>
    public double Mean { get; set; }

    /// <summary>Lower end of its 95 % interval, 0 to the mean.</summary>
    public double Lower { get; set; }

    /// <summary>Upper end of its 95 % interval, the mean to 1.</summary>
    public double Upper { get; set; }

    /// <summary>How many samples, at least 1.</summary>
    public int Samples { get; set; }

    /// <summary>The day on which it was measured.</summary>
    public DateOnly MeasuredOn { get; set; }

    /// <summary>Where it comes from; of <see cref="QualitySources"/>.</summary>
    public required string Source { get; set; }

    /// <summary>The version of the table that brought these figures.</summary>
    public int SetIn { get; set; }
}

/// <summary>Where figures of quality come from.</summary>
public static class QualitySources
{
    /// <summary>Somebody brought a file.</summary>
    public const string Import = "import";

    /// <summary>A benchmark run measured it.</summary>
    public const string Benchmark = "benchmark";

    /// <summary>Learned from votes.</summary>
    public const string Feedback = "feedback";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Import, Benchmark, Feedback];
}
