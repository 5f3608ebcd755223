using System.Globalization;

namespace AspireGateway.Portal.Components.Formats;

/// <summary>A figure against the same figure of the period before.</summary>
/// <param name="Direction">-1 down, 0 level, 1 up.</param>
/// <param name="Text">What is shown, e.g. <c>12.3 %</c>.</param>
/// <param name="Words">The same as a phrase, for those who hear the page.</param>
public sealed record Change(int Direction, string Text, string Words)
{
    /// <summary>Compares two values. Against nothing there is no percentage, only the fact that it is new.</summary>
    public static Change Of(double current, double previous, string period = "the day before")
    {
        if (current.Equals(previous)) return new(0, "level", $"level with {period}");
        if (previous is 0) return new(1, "new", $"nothing {period}");
        var percent = 100 * (current - previous) / Math.Abs(previous);
        var size = Math.Abs(percent) >= 1000
            ? "×\u00A0" + (current / previous).ToString("#,##0", CultureInfo.InvariantCulture)
            : Math.Abs(percent).ToString("0.0", CultureInfo.InvariantCulture) + "\u00A0%";
        return percent > 0
            ? new(1, size, $"up {size} against {period}")
            : new(-1, size, $"down {size} against {period}");
    }
}
