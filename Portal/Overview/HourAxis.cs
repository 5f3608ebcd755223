using AspireGateway.Portal.Components.Formats;

namespace AspireGateway.Portal.Overview;

/// <summary>Hours as the charts name them.</summary>
public static class HourAxis
{
    /// <summary>One label per hour, each different: the hour that summer time repeats gets an invisible mark.</summary>
    public static IReadOnlyList<string> Labels(IReadOnlyList<OverviewHour> hours, TimeZoneInfo zone)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var labels = new List<string>(hours.Count);
        foreach (var hour in hours)
        {
            var label = Moment.Hour(hour.Start, zone);
            while (!seen.Add(label)) label += "\u200B";
            labels.Add(label);
        }
        return labels;
    }

    /// <summary>Writes every fourth label and leaves the others blank, so that they never touch on a narrow page.</summary>
    public static Func<object, string> EveryFourth(IReadOnlyList<string> labels)
    {
        var shown = new HashSet<string>(labels.Where((_, i) => (labels.Count - 1 - i) % 4 == 0), StringComparer.Ordinal);
        return label => label is string text && shown.Contains(text) ? text : "";
    }
}
