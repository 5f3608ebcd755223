namespace AspireGateway.AlertReport;

/// <summary>What was raised, rightly and wrongly.</summary>
internal sealed class MonthsResult
{
    /// <summary>Callers times months.</summary>
    public int SeriesMonths { get; init; }

    /// <summary>Alerts while nobody ran away.</summary>
    public int FalseAlerts { get; set; }

    /// <summary>Runs of a caller that runs away: those that cost enough for a page and ask at least thirty times within the window, and those below that.</summary>
    public int[] Runs { get; } = new int[2];

    /// <summary>Of <see cref="Runs"/>, raised within ten minutes.</summary>
    public int[] Found { get; } = new int[2];

    /// <summary>Minutes until they were.</summary>
    public List<int> Delays { get; } = [];

    /// <summary>False alerts of a hundred callers in a month.</summary>
    public double FalsePerHundred => 100.0 * FalseAlerts / SeriesMonths;

    /// <summary>Part of all runs that was raised in time, those below the least value included.</summary>
    public double FoundShare => (double)Found.Sum() / Runs.Sum();

    public MonthsResult And(MonthsResult other)
    {
        FalseAlerts += other.FalseAlerts;
        for (var i = 0; i < Runs.Length; i++) (Runs[i], Found[i]) = (Runs[i] + other.Runs[i], Found[i] + other.Found[i]);
        Delays.AddRange(other.Delays);
        return this;
    }
}
