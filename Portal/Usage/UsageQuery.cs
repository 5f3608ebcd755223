using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.Usage;

/// <summary>Sums usage by what the caller asks for: from the roll-ups where they tell, else from at most 31 days of records.</summary>
internal sealed class UsageQuery(UsageReader usage, TimeProvider clock)
{
    /// <summary>Most groups of a report.</summary>
    public const int MaxGroups = 1000;

    /// <summary>The report of what the actor may see.</summary>
    public async Task<Result<UsageReport>> RunAsync(Actor actor, UsageFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        var range = TimeRange.Of(filter.From, filter.To, clock.GetUtcNow(), TimeRange.MaxRolledUp);
        if (range.Failure is { } bad) return bad;
        var groupBy = string.IsNullOrEmpty(filter.GroupBy) ? "day" : filter.GroupBy;
        if (UsageGroups.Of(groupBy) is not var (facet, tag))
            return new Failure.Invalid([new("group_by", $"group_by is one of {string.Join(", ", UsageGroups.All)}, or tag: and the name of a tag.")]);
        var question = new UsageQuestion { Scope = scope.Value, From = range.Value.From, To = range.Value.To, Group = facet, TagName = tag, Filters = filter.Values() };

        await using var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken);
        if (range.Value.To - range.Value.From > TimeRange.Max && !look.IsRolledUp(question))
            return new Failure.Invalid([new("from",
                $"The time between from and to may be at most {TimeRange.Max.TotalDays:0} days for this question, which only the records themselves answer. Group by something else, or leave a filter out.")]);
        var report = new UsageReport { From = question.From, To = question.To, GroupBy = groupBy, CompleteTo = look.CompleteTo, Rows = [], Total = UsageSums.None };
        if (groupBy == "day")
        {
            var days = (await look.DaysAsync(question, cancellationToken))
                .Select(d => new UsageRow { Group = d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Sums = d.Sums }).ToList();
            return report with { Rows = days, Total = days.Aggregate(UsageSums.None, (sum, row) => sum + row.Sums) };
        }
        var groups = await look.GroupsAsync(question, MaxGroups, cancellationToken);
        // One pass more only when groups were left out, or may stand for the same requests.
        var total = groups.Count < MaxGroups && (facet != Facet.Tag || tag is not null)
            ? groups.Aggregate(UsageSums.None, (sum, row) => sum + row.Sums)
            : await look.TotalAsync(question, cancellationToken);
        var named = await UsageNames.OfAsync(look, facet, [.. groups.Select(g => g.Group)], cancellationToken);
        return report with
        {
            Rows = [.. groups.Select(g => new UsageRow { Group = g.Group.Length == 0 ? null : g.Group, Name = named.GetValueOrDefault(g.Group), Sums = g.Sums })], Total = total,
        };
    }
}
