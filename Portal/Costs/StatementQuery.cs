using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Costs;

/// <summary>The statement of a team's month, or of all teams.</summary>
internal sealed class StatementQuery(UsageReader usage, TimeProvider clock)
{
    private const int MaxRows = UsageQuery.MaxGroups;

    /// <summary>What the actor may see of it.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="teamId">The team; null = all teams.</param>
    /// <param name="month">As <c>2026-11</c>; null = the running month.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<StatementData>> RunAsync(Actor actor, Guid? teamId, string? month, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        await using var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken);
        var now = clock.GetUtcNow();
        var running = BudgetWindow.Of(BudgetPeriods.Monthly, now, look.Zone, now).Start;
        var current = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(running.AddDays(1), look.Zone).DateTime);
        current = new(current.Year, current.Month, 1);
        var first = current;
        if (!string.IsNullOrEmpty(month) && !DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out first))
            return new Failure.Invalid([new("month", "month is a year and a month, such as 2026-11.")]);
        if (first > current || first.Year < 2000) return new Failure.Invalid([new("month", "This month has not begun yet.")]);

        var question = new UsageQuestion
        {
            Scope = scope.Value, From = BudgetWindow.StartOf(first, look.Zone), To = BudgetWindow.StartOf(first.AddMonths(1), look.Zone),
            Filters = teamId is { } team ? [(Facet.Team, team.ToString())] : [],
        };
        var called = await NamesAsync(look, scope.Value, teamId, cancellationToken);
        if (called.Team is null) return new Failure.NotFound("team");
        var parts = new List<StatementPart>();
        (string By, string Title)[] asked = teamId is null ? [("team", "By team")] : [("feature", "By feature"), ("model", "By model"), ("key", "By key")];
        foreach (var (by, title) in asked) parts.Add(new(by, title, await RowsAsync(look, question with { Group = Facet.Of(by)! }, by, cancellationToken)));
        return new StatementData
        {
            Month = first, IsRunning = first == current, TeamId = teamId, TeamName = called.Team, Organisation = called.Organisation, Zone = look.ZoneName, AsOf = now,
            Total = await look.TotalAsync(question, cancellationToken), Parts = parts,
        };
    }

    private static async Task<IReadOnlyList<CostRow>> RowsAsync(UsageLook look, UsageQuestion question, string by, CancellationToken cancellationToken)
    {
        var groups = await look.GroupsAsync(question, MaxRows, cancellationToken);
        var known = await UsageNames.OfAsync(look, question.Group, [.. groups.Select(g => g.Group)], cancellationToken);
        var rows = groups.Select(g => new CostRow(
            g.Group, g.Group.Length == 0 ? CostGroups.Missing(by) : known.GetValueOrDefault(g.Group) ?? (question.Group.IsId ? CostGroups.Missing(by) : g.Group), g.Sums, UsageSums.None)).ToList();
        if (rows.Count == MaxRows)
            rows.Add(new("", "all others", rows.Aggregate(await look.TotalAsync(question, cancellationToken), (sum, row) => sum - row.Now), UsageSums.None));
        return rows;
    }

    private static async Task<(string Organisation, string? Team)> NamesAsync(UsageLook look, Scope scope, Guid? teamId, CancellationToken cancellationToken)
    {
        var isForeign = teamId is { } id && scope.TeamIds?.Contains(id) == false;
        var rows = await look.RowsAsync(
            "select o.name, (select t.name from teams t where t.id = @team and t.organisation_id = o.id) from organisations o where o.id = @organisation",
            r => (r.GetString(0), r.Text(1)), [Sql.Id("team", teamId), Sql.Id("organisation", scope.OrganisationId)], cancellationToken);
        var (organisation, team) = rows is [var row] ? row : ("", null);
        return (organisation, teamId is null ? "All teams" : isForeign ? null : team);
    }
}
