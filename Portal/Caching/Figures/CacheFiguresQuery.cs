using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Caching;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Caching.Figures;

/// <summary>What the cache did, in a whole and by model, route and team: from the roll-ups, and what they do not hold yet from the records. For those who see costs, of what they see of these.</summary>
internal sealed class CacheFiguresQuery(UsageReader usage, TimeProvider clock)
{
    /// <summary>Most rows of a table.</summary>
    public const int MaxGroups = 10;

    private const int Hours = 24;

    /// <summary>The report of a time; of <see cref="CacheRanges"/>, missing = the last 24 hours.</summary>
    public async Task<Result<CacheReport>> RunAsync(Actor actor, string? range, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        var time = string.IsNullOrEmpty(range) ? CacheRanges.Day : range;
        if (!CacheRanges.All.Any(r => r.Key == time)) return new Failure.Invalid([new("range", $"range is one of {string.Join(", ", CacheRanges.All.Select(r => r.Key))}.")]);

        await using var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken);
        var days = CacheRanges.DaysOf(time);
        var question = Question(scope.Value, look, clock.GetUtcNow(), days);
        var steps = days is { } count ? await DaysAsync(look, question, count, cancellationToken) : await HoursAsync(look, question, cancellationToken);
        var total = await look.BusiestAsync(question, days is not null, 1, cancellationToken);
        // Exact, semantic, and none.
        var kinds = await look.MostCachedAsync(question with { Group = Facet.Of("cache")! }, days is not null, MaxGroups, cancellationToken);
        return new CacheReport
        {
            Similar = kinds.Where(k => k.Group == CacheModes.Semantic).Sum(k => k.Sums.CacheHits),
            Range = time, CompleteTo = look.CompleteTo, Total = total.Count > 0 ? total[0].Sums : UsageSums.None, Steps = steps, Models = await SharesAsync("model"), Routes = await SharesAsync("route"),
            Teams = await SharesAsync("team"),
        };

        async Task<IReadOnlyList<CacheShare>> SharesAsync(string by)
        {
            var facet = Facet.Of(by)!;
            var groups = await look.MostCachedAsync(question with { Group = facet }, days is not null, MaxGroups, cancellationToken);
            var names = await UsageNames.OfAsync(look, facet, [.. groups.Select(g => g.Group)], cancellationToken);
            return [.. groups.Select(g => new CacheShare(g.Group, names.GetValueOrDefault(g.Group), g.Sums))];
        }
    }

    // Whole days to the end of today, or whole hours to the end of this one: then the running one comes from the roll-ups too.
    private static UsageQuestion Question(Scope scope, UsageLook look, DateTimeOffset now, int? days)
    {
        if (days is { } count)
        {
            var today = look.Day(now);
            return new() { Scope = scope, From = BudgetWindow.StartOf(today.AddDays(1 - count), look.Zone), To = BudgetWindow.StartOf(today.AddDays(1), look.Zone) };
        }
        var hour = OverviewQuery.StartOfHour(now, look.Zone);
        return new() { Scope = scope, From = hour.AddHours(1 - Hours), To = hour.AddHours(1) };
    }

    private static async Task<IReadOnlyList<CacheStep>> HoursAsync(UsageLook look, UsageQuestion question, CancellationToken cancellationToken)
    {
        var hours = (await look.HoursAsync(question, cancellationToken)).ToDictionary(h => h.Hour, h => h.Sums);
        return [.. Enumerable.Range(0, Hours).Select(i => question.From.AddHours(i)).Select(at => Step(at, hours.GetValueOrDefault(at)))];
    }

    private static async Task<IReadOnlyList<CacheStep>> DaysAsync(UsageLook look, UsageQuestion question, int count, CancellationToken cancellationToken)
    {
        var days = (await look.DaysAsync(question, cancellationToken)).ToDictionary(d => d.Day, d => d.Sums);
        var first = look.Day(question.From);
        return [.. Enumerable.Range(0, count).Select(first.AddDays).Select(day => Step(BudgetWindow.StartOf(day, look.Zone), days.GetValueOrDefault(day)))];
    }

    private static CacheStep Step(DateTimeOffset at, UsageSums? sums) => new(at, sums?.Requests ?? 0, sums?.CacheHits ?? 0, sums?.SavedNanoUsd ?? 0);
}
