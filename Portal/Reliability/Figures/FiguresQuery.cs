using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>
/// How requests did, by model, provider, deployment, task or feature: from the roll-ups, and what they do not hold yet from the records. For all who see models, of the whole organisation, as what is said of
/// deployments is; there is nothing of costs, teams or keys in it.
/// </summary>
internal sealed class FiguresQuery(UsageReader usage, TimeProvider clock)
{
    /// <summary>Most rows of a report.</summary>
    public const int MaxGroups = 200;

    private const int Hours = 24, Days = 7;

    /// <summary>The report.</summary>
    public async Task<Result<FiguresReport>> RunAsync(Actor actor, FiguresFilter filter, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var by = OneOf(checks, "by", filter.By, FigureGroups.All.Select(g => g.Key));
        var range = OneOf(checks, "range", filter.Range, FigureRanges.All.Select(r => r.Key));
        var sort = OneOf(checks, "sort", filter.Sort, FigureOrders.All);
        if (checks.Failure is { } faults) return faults;
        if (by == FigureGroups.Feature && !MaySeeFeatures(actor)) return new Failure.Forbidden("Your role may not see the features of the whole organisation.");

        var organisation = actor.OrganisationId!.Value;
        await using var look = await usage.OpenAsync(organisation, cancellationToken);
        var (now, perDay) = (clock.GetUtcNow(), range == FigureRanges.Week);
        var question = Question(new Scope(organisation, null, null), look, now, perDay) with { Group = Facet.Of(by)! };
        var groups = await look.BusiestAsync(question, perDay, MaxGroups + 1, cancellationToken);
        var shown = groups.Take(MaxGroups).ToList();
        var rows = await RowsAsync(look, question with { Groups = groups.Count > MaxGroups ? [.. shown.Select(g => g.Group)] : null }, shown, perDay, cancellationToken);
        var all = question with { Group = Facet.Total };
        var total = await RowsAsync(look, all, await look.BusiestAsync(all, perDay, 1, cancellationToken), perDay, cancellationToken);
        return new FiguresReport
        {
            By = by, Range = range, Sort = sort, From = question.From, AsOf = now, CompleteTo = look.CompleteTo, Rows = FigureOrders.Sorted(rows, sort), HasMore = groups.Count > MaxGroups,
            Total = total.Count > 0 ? total[0] : FigureRow.Of("", UsageSums.None, null, null), Overhead = await OverheadReader.ReadAsync(look, organisation, now, cancellationToken),
        };
    }

    /// <summary>Whether the actor may see figures by feature.</summary>
    public static bool MaySeeFeatures(Actor actor) => Permissions.Of(actor, Permission.SeeCosts) == Reach.Organisation;

    // Whole days to the end of today, or whole hours to the end of this one: then the running one comes from the roll-ups too.
    private static UsageQuestion Question(Scope scope, UsageLook look, DateTimeOffset now, bool perDay)
    {
        if (perDay)
        {
            var today = look.Day(now);
            return new() { Scope = scope, From = BudgetWindow.StartOf(today.AddDays(1 - Days), look.Zone), To = BudgetWindow.StartOf(today.AddDays(1), look.Zone) };
        }
        var hour = OverviewQuery.StartOfHour(now, look.Zone);
        return new() { Scope = scope, From = hour.AddHours(1 - Hours), To = hour.AddHours(1) };
    }

    private static async Task<List<FigureRow>> RowsAsync(
        UsageLook look, UsageQuestion question, List<(string Group, UsageSums Sums)> groups, bool perDay, CancellationToken cancellationToken)
    {
        var counts = await look.LatenciesOfGroupsAsync(question, perDay, cancellationToken);
        var (latency, ttft) = (GroupLatencyCount.Of(counts, 0), GroupLatencyCount.Of(counts, 1));
        return [.. groups.Select(g => FigureRow.Of(g.Group, g.Sums, latency.GetValueOrDefault(g.Group), ttft.GetValueOrDefault(g.Group)))];
    }

    // A closed list each: nothing of a caller enters the SQL.
    private static string OneOf(FieldChecks checks, string field, string? value, IEnumerable<string> choices)
    {
        string[] all = [.. choices];
        if (string.IsNullOrEmpty(value)) return all[0];
        checks.Must(all.Contains(value, StringComparer.Ordinal), field, $"{field} is one of {string.Join(", ", all)}.");
        return value;
    }
}
