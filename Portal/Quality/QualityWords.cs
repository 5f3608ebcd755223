using System.Globalization;
using AspireGateway.Portal.Routes;

namespace AspireGateway.Portal.Quality;

/// <summary>Figures of quality in words.</summary>
internal static class QualityWords
{
    /// <summary>How a candidate stands against the bar.</summary>
    public static string Of(PreviewedQuality quality) => quality switch
    {
        { Mean: { } mean, Lower: { } lower, Upper: { } upper, Samples: { } samples } =>
            $"quality {Score(mean)} ({Score(lower)} to {Score(upper)}, {samples} {(quality.Source == "feedback" ? "votes" : "samples")}), {(quality.Verdict == "clears_the_bar" ? "clears" : "below")} the bar of {Score(quality.Bar)}",
        _ => "quality not proven",
    };

    /// <summary>The ends of a cell's interval.</summary>
    public static string Interval(QualityCellDetails cell) => $"{Score(cell.Lower)} to {Score(cell.Upper)}";

    /// <summary>How many samples, where from, and of which day.</summary>
    public static string Origin(QualityCellDetails cell) => cell.Users is { } users
        ? $"{Count(cell.Samples)} votes of {Count(users)} users"
        : $"{Count(cell.Samples)} samples, {cell.Source}, {cell.Date.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}";

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>A score with two digits behind the point.</summary>
    public static string Score(double score) => score.ToString("0.00", CultureInfo.InvariantCulture);
}
