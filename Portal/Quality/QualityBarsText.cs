using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Quality;

/// <summary>Bars of quality as a person writes them, and checked.</summary>
internal static class QualityBarsText
{
    private const int MaxTasks = 100;

    /// <summary>Bars of single tasks as <c>coding=0.9, chat=0.7</c>.</summary>
    public static string Write(QualityBars? bars) =>
        string.Join(", ", (bars?.Tasks ?? new Dictionary<string, double>()).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>The bars that a person wrote; what cannot be read becomes one that <see cref="Check"/> refuses.</summary>
    public static QualityBars Read(double bar, string tasks)
    {
        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in tasks.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.LastIndexOf('=');
            var isNumber = double.TryParse(part[(at + 1)..].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
            read[at < 0 ? part : part[..at].Trim()] = at >= 0 && isNumber ? value : double.NaN;
        }
        return new(bar, read.Count == 0 ? null : read);
    }

    /// <summary>The bars, or null where they are missing; adds faults of what cannot be.</summary>
    public static QualityBars? Check(FieldChecks checks, QualityBars? bars)
    {
        if (bars is null) return null;
        var tasks = bars.Tasks ?? new Dictionary<string, double>();
        if (!(bars.Bar is >= 0 and <= 1)) checks.Add("quality", "The bar is a number from 0 to 1.");
        else if (tasks.Count > MaxTasks) checks.Add("quality", $"At most {MaxTasks} tasks have bars of their own.");
        else if (tasks.Any(t => t.Key.Length is 0 or > 100 || t.Key.Any(char.IsWhiteSpace) || !(t.Value is >= 0 and <= 1))) checks.Add("quality", "A task's bar is written as coding=0.9: a label without blanks, and a number from 0 to 1.");
        return bars;
    }
}
