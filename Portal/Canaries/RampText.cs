using System.Globalization;

namespace AspireGateway.Portal.Canaries;

/// <summary>A ramp as one types it: <c>5 for 30, 25 for 60, 50</c>.</summary>
internal static class RampText
{
    /// <summary>Its steps; null = it cannot be read.</summary>
    public static IReadOnlyList<CanaryStep>? Read(string text)
    {
        var steps = new List<CanaryStep>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            decimal? minutes = null;
            var words = part.Replace("%", "", StringComparison.Ordinal).Split("for", StringSplitOptions.TrimEntries);
            if (words.Length > 2 || !decimal.TryParse(words[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)) return null;
            if (words.Length == 2)
            {
                if (!decimal.TryParse(words[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given)) return null;
                minutes = given;
            }
            steps.Add(new(percent, minutes));
        }
        return steps.Count == 0 ? null : steps;
    }
}
