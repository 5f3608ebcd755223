using System.Globalization;
using AspireGateway.Portal.Caching.Purging;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Caching;

namespace AspireGateway.Portal.Caching.Recent;

/// <summary>Reads which kept replies saved most in the last days, and what other thresholds would have given. For those who see the costs of the whole organisation.</summary>
public sealed class CacheRecentQuery(CacheServer server, TimeProvider clock)
{
    /// <summary>Most replies.</summary>
    public const int MostEntries = 20;

    /// <summary>Most models.</summary>
    public const int MostModels = 5;

    /// <summary>Days that are read, today included.</summary>
    public const int Days = 7;

    /// <summary>Whether an actor may see it.</summary>
    public static bool MaySee(Actor actor) => Permissions.Of(actor, Permission.SeeCosts) == Reach.Organisation && actor.OrganisationId is not null;

    /// <summary>The figures of the last days, UTC; where Redis does not give them it says so.</summary>
    public async Task<Result<CacheRecent>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!MaySee(actor)) return new Failure.Forbidden("Which replies saved most is for those who see the costs of the whole organisation.");
        var organisation = actor.OrganisationId!.Value;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var entries = new Dictionary<string, (long Saved, long Hits)>(StringComparer.Ordinal);
        var closest = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var back = 0; back < Days; back++)
        {
            var day = new CacheTallies(organisation, today.AddDays(-back));
            var savings = await server.ReadPairsAsync("ZREVRANGE", day.Savings, withScores: true, cancellationToken);
            var hits = await server.ReadPairsAsync("HGETALL", day.Hits, withScores: false, cancellationToken);
            var counts = await server.ReadPairsAsync("HGETALL", day.Closest, withScores: false, cancellationToken);
            if (savings is null || hits is null || counts is null) return new CacheRecent([], [], "The cache's Redis cannot be reached, so what gateways counted is not known. Figures above come from the records.");
            var given = hits.ToDictionary(StringComparer.Ordinal);
            foreach (var (member, saved) in savings)
            {
                var before = entries.GetValueOrDefault(member);
                entries[member] = (before.Saved + saved, before.Hits + given.GetValueOrDefault(member));
            }
            foreach (var (field, count) in counts) closest[field] = closest.GetValueOrDefault(field) + count;
        }
        return new CacheRecent(
            [.. entries.OrderByDescending(entry => entry.Value.Saved).ThenByDescending(entry => entry.Value.Hits).ThenBy(entry => entry.Key, StringComparer.Ordinal).Select(EntryOf).OfType<CacheEntryFigures>().Take(MostEntries)],
            Questions(closest));
    }

    private static CacheEntryFigures? EntryOf(KeyValuePair<string, (long Saved, long Hits)> entry) =>
        entry.Key.Split(CacheTallies.Separator, 3) is [var hash, var route, var model] ? new(hash, route, model, entry.Value.Hits, entry.Value.Saved) : null;

    private static List<CloseQuestions> Questions(Dictionary<string, long> counts)
    {
        var models = new Dictionary<string, (long Compared, SortedDictionary<int, (long Same, long Other)> Steps)>(StringComparer.Ordinal);
        foreach (var (field, count) in counts)
        {
            var at = field.IndexOf(CacheTallies.Separator, StringComparison.Ordinal);
            if (at < 2 || !int.TryParse(field.AsSpan(1, at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)) continue;
            var model = field[(at + 1)..];
            var (compared, steps) = models.TryGetValue(model, out var known) ? known : (0, []);
            var step = steps.GetValueOrDefault(percent);
            if (field[0] == 'n') compared += count;
            else steps[percent] = field[0] == 's' ? (step.Same + count, step.Other) : (step.Same, step.Other + count);
            models[model] = (compared, steps);
        }
        return [.. models.Where(m => m.Value.Compared > 0).OrderByDescending(m => m.Value.Compared).Take(MostModels)
            .Select(m => new CloseQuestions(m.Key, m.Value.Compared, [.. m.Value.Steps.Select(s => new CloseStep(s.Key, s.Value.Same, s.Value.Other))]))];
    }
}
