namespace AspireGateway.Portal.Quality;

/// <summary>What publishing did, or would do.</summary>
public sealed record QualityPublication
{
    /// <summary>True: nothing was changed, this is what would be.</summary>
    public required bool DryRun { get; init; }

    /// <summary>The new version; null = none was made, because of the dry run or because nothing differs.</summary>
    public QualityVersionDetails? Version { get; init; }

    /// <summary>How many cells stay as they are.</summary>
    public required int Unchanged { get; init; }

    /// <summary>What differs, by task, provider and model.</summary>
    public required IReadOnlyList<QualityChange> Changes { get; init; }

    /// <summary>What nobody will look at: cells of models that no deployment serves, tasks that no classifier knows.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What feedback changed, as the audit keeps it.</summary>
/// <param name="Changes">The cells.</param>
public sealed record LearnedChanges(IReadOnlyList<QualityChange> Changes);

/// <summary>A cell that differs between two versions of the table.</summary>
public sealed record QualityChange
{
    /// <summary>The task's label.</summary>
    public required string Task { get; init; }

    /// <summary>The provider's slug.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's own name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>What becomes of it; of <see cref="QualityOutcomes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The figures before; null = there were none.</summary>
    public QualityCellDetails? Before { get; init; }

    /// <summary>The figures after; null = there are none.</summary>
    public QualityCellDetails? After { get; init; }

    /// <summary>What differs between two tables.</summary>
    public static List<QualityChange> Between(IEnumerable<QualityCellDetails> before, IEnumerable<QualityCellDetails> after)
    {
        var old = before.ToDictionary(PlaceOf);
        var changes = new List<QualityChange>();
        foreach (var cell in after)
        {
            if (!old.Remove(PlaceOf(cell), out var was)) changes.Add(Of(QualityOutcomes.New, null, cell));
            else if (was with { SetIn = null } != cell with { SetIn = null }) changes.Add(Of(QualityOutcomes.Changed, was, cell));
        }
        changes.AddRange(old.Values.Select(gone => Of(QualityOutcomes.Removed, gone, null)));
        return [.. changes.OrderBy(c => c.Task, StringComparer.Ordinal).ThenBy(c => c.Provider, StringComparer.Ordinal).ThenBy(c => c.Model, StringComparer.Ordinal)];
    }

    private static (string, string, string) PlaceOf(QualityCellDetails c) => (c.Task, c.Provider, c.Model);

    private static QualityChange Of(string outcome, QualityCellDetails? before, QualityCellDetails? after)
    {
        var cell = (after ?? before)!;
        return new() { Task = cell.Task, Provider = cell.Provider, Model = cell.Model, Outcome = outcome, Before = before, After = after };
    }
}

/// <summary>What becomes of a cell.</summary>
public static class QualityOutcomes
{
    /// <summary>There was none.</summary>
    public const string New = "new";

    /// <summary>Its figures differ.</summary>
    public const string Changed = "changed";

    /// <summary>It leaves the table.</summary>
    public const string Removed = "removed";
}
