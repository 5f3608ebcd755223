using AspireGateway.Portal.RollUps;

namespace AspireGateway.Portal.Costs;

/// <summary>Addresses of costs, and of the requests behind them.</summary>
internal static class CostLinks
{
    private static readonly string[] OnRequests = ["feature", "team", "user", "key", "agent", "model", "provider"];

    /// <summary>The page with these filters.</summary>
    public static string Explore(string period, string? by, IEnumerable<(Facet Facet, string Value)> filters) =>
        "costs?" + string.Join('&', [$"period={period}", $"by={CostGroups.Of(by).Key}", .. filters.Select(f => $"{f.Facet.Name}={Uri.EscapeDataString(f.Value)}")]);

    /// <summary>A feature's own page.</summary>
    public static string Feature(string feature, string period) => $"costs/feature?name={Uri.EscapeDataString(feature)}&period={period}";

    /// <summary>A team's statement.</summary>
    public static string Statement(Guid? team, DateOnly month) => $"costs/statement?month={month:yyyy-MM}{(team is { } id ? $"&team={id}" : "")}";

    /// <summary>The requests of a row; null = no list shows just these.</summary>
    public static string? Requests(CostsData data, CostRow row, IEnumerable<(Facet Facet, string Value)> filters)
    {
        if (CostGroups.Of(data.By).Drill is null || filters.Any(f => f.Facet.Name == "task") || (data.By != "day" && row.Group.Length == 0)) return null;
        var kept = filters.Where(f => OnRequests.Contains(f.Facet.Name, StringComparer.Ordinal) && f.Facet.Name != data.By).Select(f => $"{f.Facet.Name}={Uri.EscapeDataString(f.Value)}");
        var when = data.By == "day" ? "" : $"&range={(data.Period.Days <= 7 ? "7d" : "31d")}";
        return $"requests?{string.Join('&', [$"{data.By}={Uri.EscapeDataString(row.Group)}", .. kept])}{when}";
    }
}
