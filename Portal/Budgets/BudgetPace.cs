using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>Where a budget gets to if spending goes on as it did since its window began.</summary>
/// <param name="AtEndNanoUsd">What will be settled at the window's end; null for a total, which has none.</param>
/// <param name="CapAt">When the cap is reached; null = not within the window.</param>
public sealed record BudgetPace(long? AtEndNanoUsd, DateTimeOffset? CapAt)
{
    // Before that a few requests would be taken for a trend.
    private const double LeastPart = 0.02;

    private static readonly TimeSpan LeastTime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(3 * 366);

    /// <summary>The pace of whoever spent most of a default budget; null = too early to tell, or nothing is known or spent.</summary>
    public static BudgetPace? OfTopShare(BudgetStanding standing) => standing is { IsDefault: true, Shares: [var top, ..] }
        ? Of(standing with { SettledNanoUsd = top.SettledNanoUsd, CapNanoUsd = top.CapNanoUsd }) : null;

    /// <summary>The pace of a budget; null = too early to tell, or nothing is known or spent.</summary>
    public static BudgetPace? Of(BudgetStanding standing)
    {
        if (standing.SettledNanoUsd is not > 0) return null;
        var settled = standing.SettledNanoUsd.Value;
        var elapsed = standing.At - standing.Window.Start;
        var isTotal = standing.Budget.Period == BudgetPeriods.Total;
        if (elapsed < LeastTime || (!isTotal && elapsed / (standing.Window.End - standing.Window.Start) < LeastPart)) return null;
        // In seconds: what is hardly spent is used up later than dates go.
        var seconds = elapsed.TotalSeconds * Math.Max(0, standing.CapNanoUsd) / settled;
        DateTimeOffset? capAt = seconds < Farthest.TotalSeconds ? standing.Window.Start.AddSeconds(seconds) : null;
        if (capAt >= standing.Window.End) capAt = null;
        var whole = isTotal ? (double?)null : settled * ((standing.Window.End - standing.Window.Start) / elapsed);
        return new(whole is { } end ? (long)Math.Min(end, long.MaxValue / 2) : null, settled >= standing.CapNanoUsd ? null : capAt);
    }
}
