using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>How a budget stands, in one sentence.</summary>
public static class BudgetSentence
{
    /// <summary>The sentence under the bar.</summary>
    public static string Of(BudgetStanding standing, TimeZoneInfo zone)
    {
        var cap = Money.Text(standing.CapNanoUsd);
        if (standing.IsDefault) return OfDefault(standing, cap, zone);
        if (standing.SettledNanoUsd is not { } settled) return $"What of {cap} is spent is not known at the moment.";
        if (standing.HeldNanoUsd is not { } held)
            return $"{Money.Text(settled)} of {cap} settled, as far as the request log tells; what running requests hold is not known at the moment.";
        if (settled == 0 && held == 0) return $"Nothing of {cap} is spent{Renewal(standing, zone, "; it renews ")}.";
        var holding = held == 0 ? "" : $", {Money.Text(held)} held by {Running(standing.Holds)}";
        return $"{Money.Below(settled, standing.CapNanoUsd)} of {cap} settled{holding}; {Outlook(standing, settled, zone)}.";
    }

    /// <summary>What happens at 100 %, as a phrase: "refuses", "goes on with small", "goes on".</summary>
    public static string AtCap(BudgetDetails budget) => budget.OnExceeded switch
    {
        BudgetActions.Downgrade => $"requests go to {budget.DowngradeModel}",
        BudgetActions.Soft => "it is announced, requests go on",
        _ => "requests are refused",
    };

    /// <summary>A window as a title: "Monthly".</summary>
    public static string Period(string period) => char.ToUpperInvariant(period[0]) + period[1..];

    private static string OfDefault(BudgetStanding standing, string cap, TimeZoneInfo zone)
    {
        if (standing.ShareCount is not { } count) return $"Each may spend {cap}; what is spent is not known at the moment.";
        if (count == 0) return $"Each may spend {cap}; nobody has spent anything of theirs.";
        var top = standing.Shares is [var first, ..] ? $", most {first.Name ?? first.ScopeId} with {Money.Text(first.SettledNanoUsd)} settled" : "";
        return $"Each may spend {cap}; {Quantity.Exact(count)} {(count == 1 ? "has" : "have")} spent of theirs{top}{(BudgetPace.OfTopShare(standing) is { CapAt: { } at } ? $"; at this pace that is used up {On(at, standing, zone)}" : "")}.";
    }

    private static string Running(int? holds) => holds switch
    {
        null => "running requests",
        1 => "1 running request",
        _ => $"{Quantity.Exact(holds.Value)} running requests",
    };

    private static string Outlook(BudgetStanding standing, long settled, TimeZoneInfo zone)
    {
        if (settled >= standing.CapNanoUsd)
            return standing.Budget.OnExceeded == BudgetActions.Soft
                ? $"it is used up, requests go on{Renewal(standing, zone, ", and it renews ")}"
                : $"it is used up: {AtCap(standing.Budget)}{Renewal(standing, zone, " until it renews ")}";
        return BudgetPace.Of(standing) switch
        {
            { CapAt: { } at } => $"at this pace the cap is reached {On(at, standing, zone)}",
            { AtEndNanoUsd: { } end } => $"at this pace it ends the {Unit(standing.Budget.Period)} at {Money.Text(end)}",
            _ when standing.Budget.Period == BudgetPeriods.Total => "it does not renew",
            _ => $"it renews{Renewal(standing, zone, " ")}",
        };
    }

    private static string Renewal(BudgetStanding standing, TimeZoneInfo zone, string words) =>
        standing.Budget.Period == BudgetPeriods.Total ? "" : words + On(standing.Window.End, standing, zone);

    // Within the day the hour matters, beyond it the date.
    private static string On(DateTimeOffset at, BudgetStanding standing, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        if (at - standing.At < TimeSpan.FromHours(36)) return local.ToString("'on' d MMMM 'at' HH:mm", CultureInfo.InvariantCulture);
        var sameYear = local.Year == TimeZoneInfo.ConvertTime(standing.At, zone).Year;
        return local.ToString(sameYear ? "'on' d MMMM" : "'on' d MMMM yyyy", CultureInfo.InvariantCulture);
    }

    private static string Unit(string period) => period switch
    {
        BudgetPeriods.Daily => "day",
        BudgetPeriods.Weekly => "week",
        _ => "month",
    };
}
