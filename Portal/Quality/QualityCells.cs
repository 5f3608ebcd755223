using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Quality;

/// <summary>Checks figures before they are published.</summary>
internal static class QualityCells
{
    /// <summary>Most cells of a table.</summary>
    public const int Max = 2_000;

    // A file with one wrong column would fill pages.
    private const int MaxFaults = 20, MaxTask = 100, MaxModel = 200;

    /// <summary>Checked cells; where faults are added, what comes back is of no use.</summary>
    /// <param name="checks">Gets the faults.</param>
    /// <param name="given">The cells.</param>
    /// <param name="source">Where they come from; of <see cref="QualitySources"/>.</param>
    /// <param name="today">The day that a missing date stands for.</param>
    /// <param name="place">Names a cell by its index, for faults.</param>
    public static List<QualityCellDetails> Read(FieldChecks checks, IReadOnlyList<QualityCellRequest>? given, string source, DateOnly today, Func<int, string> place)
    {
        var cells = new List<QualityCellDetails>();
        if (given is not { Count: > 0 and <= Max })
        {
            checks.Add("cells", $"cells holds 1 to {Max} cells such as {{\"task\": \"coding\", \"provider\": \"openai\", \"model\": \"gpt-4o\", \"mean\": 0.91, \"samples\": 200}}.");
            return cells;
        }
        var faults = 0;
        var seen = new HashSet<(string, string, string)>();
        for (var i = 0; i < given.Count && faults < MaxFaults; i++)
        {
            if (Fault(given[i], today) is { } fault)
            {
                checks.Add($"{place(i)}{(fault.Field.Length > 0 ? "." : "")}{fault.Field}", $"{place(i)}: {fault.Message}");
                faults++;
                continue;
            }
            var cell = Of(given[i], source, today);
            if (seen.Add((cell.Task, cell.Provider, cell.Model))) cells.Add(cell);
            else
            {
                checks.Add(place(i), $"{place(i)}: {cell.Task} of {cell.Provider}/{cell.Model} stands twice.");
                faults++;
            }
        }
        return cells;
    }

    private static Fault? Fault(QualityCellRequest? cell, DateOnly today)
    {
        if (cell is null) return new("", "a cell is missing.");
        if (!IsName(cell.Task, MaxTask)) return new("task", $"task is a label such as coding, 1 to {MaxTask} characters without blanks.");
        if (!IsName(cell.Provider, FieldChecks.MaxSlug) || cell.Provider!.Contains('/', StringComparison.Ordinal)) return new("provider", "provider is a provider's short name such as openai.");
        if (!IsName(cell.Model, MaxModel)) return new("model", $"model is the provider's name of the model, 1 to {MaxModel} characters without blanks.");
        if (!(cell.Mean is >= 0 and <= 1)) return new("mean", "mean is a number from 0 to 1.");
        if (cell.Samples is not (>= 1 and <= 1_000_000_000)) return new("samples", "samples is a whole number from 1 to 1000000000.");
        if (cell.Lower is null != cell.Upper is null) return new("lower", "lower and upper are given both, or both left out.");
        if (cell.Lower is { } lower && !(lower >= 0 && lower <= cell.Mean)) return new("lower", "lower is a number from 0 to the mean.");
        if (cell.Upper is { } upper && !(upper <= 1 && upper >= cell.Mean)) return new("upper", "upper is a number from the mean to 1.");
        return cell.Date is { } date && (date > today.AddDays(1) || date.Year < 2000) ? new("date", "date is a day that has been, such as 2026-11-29.") : null;
    }

    private static bool IsName(string? text, int max) => text?.Trim() is { Length: > 0 } name && name.Length <= max && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    private static QualityCellDetails Of(QualityCellRequest c, string source, DateOnly today)
    {
        var (mean, samples) = (c.Mean!.Value, c.Samples!.Value);
        var (lower, upper) = c.Lower is { } given ? (given, c.Upper!.Value) : WilsonInterval.Of(mean, samples);
        return new()
        {
            Task = c.Task!.Trim(), Provider = c.Provider!.Trim(), Model = c.Model!.Trim(), Mean = mean, Lower = lower, Upper = upper, Samples = samples, Date = c.Date ?? today, Source = source,
        };
    }
}
