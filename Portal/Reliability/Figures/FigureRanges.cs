namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>The times that figures can be of.</summary>
internal static class FigureRanges
{
    /// <summary>23 whole hours and the running one.</summary>
    public const string Day = "24h";

    /// <summary>Six whole days of the organisation's calendar and the running one.</summary>
    public const string Week = "7d";

    /// <summary>Every choice, as in <c>range</c>, with its name.</summary>
    public static readonly IReadOnlyList<(string Key, string Name)> All = [(Day, "Last 24 hours"), (Week, "Last 7 days")];
}
