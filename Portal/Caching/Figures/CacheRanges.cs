namespace AspireGateway.Portal.Caching.Figures;

/// <summary>The times that figures of the cache can be of.</summary>
internal static class CacheRanges
{
    /// <summary>23 whole hours and the running one.</summary>
    public const string Day = "24h";

    /// <summary>Six whole days of the organisation's calendar and the running one.</summary>
    public const string Week = "7d";

    /// <summary>29 whole days of the organisation's calendar and the running one.</summary>
    public const string Month = "30d";

    /// <summary>Every choice, as in <c>range</c>, with its name.</summary>
    public static readonly IReadOnlyList<(string Key, string Name)> All = [(Day, "Last 24 hours"), (Week, "Last 7 days"), (Month, "Last 30 days")];

    /// <summary>How many days a time of days has; null = it is of hours.</summary>
    public static int? DaysOf(string range) => range switch
    {
        Week => 7,
        Month => 30,
        _ => null,
    };
}
