using AspireGateway.Portal.Alerts.Detection;
using AspireGateway.Portal.RollUps;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>Makes one look's findings of what the readers read.</summary>
internal sealed class PageFindings(WindowReader windows, BaselineReader baselines, StoreStates stores, SubjectNames names)
{
    /// <summary>Part of a store's room from which on somebody is told.</summary>
    public const double FullFrom = 0.8;

    /// <summary>Overhead of the slowest hundredth of answers from which on somebody is told, in microseconds: the promise of the rules for Prometheus.</summary>
    public const double SlowFromUs = 100_000;

    /// <summary>Least requests within the window for its slowest hundredth to say something.</summary>
    public const int LeastOfPercentile = 100;

    /// <summary>Refusals within the window, by one scope's limits, from which on it is told.</summary>
    public const long LeastRefusals = 20;

    private const double NanoUsd = 1e9;

    /// <summary>Names of tiers whose callers are production.</summary>
    private static readonly string[] s_production = ["Enterprise", "Production"];

    private static readonly ShareRule s_failures = new(0.05, 20, 5), s_rateLimits = new(0.02, 20, 5);

    private static readonly string[] s_costs = ["key", "team", "feature", "agent"];

    /// <summary>Everything that was found now.</summary>
    public async Task<List<Finding>> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sums = await windows.SumsAsync(now, cancellationToken);
        List<Finding> found = [.. await CostsAsync(sums, now, cancellationToken), .. await ProvidersAsync(sums, now, cancellationToken), .. Overheads(await windows.OverheadsAsync(now, cancellationToken))];
        found.AddRange(Breaches(await windows.BreachesAsync(now, cancellationToken)));
        found.AddRange(await StoresAsync(now, cancellationToken));
        return await names.NamedAsync(found, cancellationToken);
    }

    private async Task<List<Finding>> CostsAsync(List<UsageWindow> sums, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        // Only what costs enough to wake somebody is worth a question of what is usual.
        var dear = sums.Where(s => s_costs.Contains(s.Facet, StringComparer.Ordinal) && s.CostNanoUsd >= SpikeRule.Cost.LeastValue * NanoUsd * Hysteresis.CalmBelow);
        foreach (var group in dear.GroupBy(s => (s.Organisation, s.Facet)))
        {
            var usual = await baselines.ReadAsync(group.Key.Organisation, Facet.Of(group.Key.Facet)!, [.. group.Select(s => s.Value)], now, cancellationToken);
            foreach (var sum in group)
            {
                var (caller, cost) = (usual[sum.Value].Caller, sum.CostNanoUsd / NanoUsd);
                var judgement = SpikeRule.Cost.Look(cost, sum.Requests, caller, now.UtcDateTime.Minute);
                found.Add(new(new(sum.Organisation, AlertKinds.CostSpike, $"{sum.Facet}:{sum.Value}"), cost, caller.Cost.Usual * (SpikeRule.Window / TimeSpan.FromHours(1)), judgement)
                {
                    Learned = caller.Cost.Kind, Samples = caller.Cost.Samples, RaiseAfter = SpikeRule.RaiseAfter, UsualRate = SpikeRule.UsualRate(caller, now.UtcDateTime.Minute),
                });
            }
        }
        return found;
    }

    private async Task<List<Finding>> ProvidersAsync(List<UsageWindow> sums, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        foreach (var group in sums.Where(s => s is { Facet: "provider", Value.Length: > 0, Failed: > 0 }).GroupBy(s => s.Organisation))
        {
            var usual = await baselines.ReadAsync(group.Key, Facet.Of("provider")!, [.. group.Select(s => s.Value)], now, cancellationToken);
            foreach (var sum in group)
            {
                var share = usual[sum.Value].FailedShare;
                // What is refused for a limit has an alert of its own, with another thing to do.
                var failed = Math.Max(0, sum.Failed - sum.RateLimited);
                found.Add(new(new(sum.Organisation, AlertKinds.ProviderErrors, sum.Value), (double)failed / sum.Requests, share, s_failures.Look(failed, sum.Requests, share))
                {
                    Learned = usual[sum.Value].Caller.Cost.Kind, Samples = usual[sum.Value].Caller.Cost.Samples,
                });
                found.Add(new(new(sum.Organisation, AlertKinds.ProviderRateLimits, sum.Value), (double)sum.RateLimited / sum.Requests, 0, s_rateLimits.Look(sum.RateLimited, sum.Requests, 0)));
            }
        }
        return found;
    }

    /// <summary>Limits of everybody, and those of production's callers, page; others can wait for the day.</summary>
    private static IEnumerable<Finding> Breaches(IEnumerable<LimitBreaches> breaches) => breaches
        .GroupBy(b => new SeriesKey(b.Organisation, AlertKinds.LimitBreach, b.ScopeId.Length == 0 ? b.ScopeKind : $"{b.ScopeKind}:{b.ScopeId}"))
        .Select(g => new Finding(g.Key, g.Sum(b => b.Refused), 0, Judgement.Of(g.Sum(b => b.Refused), LeastRefusals), g.Any(IsForNow) ? AlertTiers.Page : AlertTiers.Daily));

    private static bool IsForNow(LimitBreaches b) => b.ScopeKind is ScopeKinds.Global or ScopeKinds.Organisation || (b.Tier is { } tier && s_production.Contains(tier, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<Finding> Overheads(IEnumerable<(Guid Organisation, int Bin, long Count)> counts)
    {
        foreach (var group in counts.GroupBy(c => c.Organisation))
            if (group.Sum(c => c.Count) >= LeastOfPercentile && LatencyScale.Of(group.Select(c => new KeyValuePair<int, long>(c.Bin, c.Count))) is { } percentiles)
                yield return new(new(group.Key, AlertKinds.GatewaySlow, "p99"), percentiles.P99 / 1e3, 0, Judgement.Of(percentiles.P99 / 1e3, SlowFromUs / 1e3));
    }

    private async Task<List<Finding>> StoresAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await names.InstallationAsync(cancellationToken) is not { } installation) return [];
        var found = new List<Finding>();
        if (await stores.RedisMemoryAsync() is { } used) found.Add(Full(installation, AlertKinds.StoreMemory, "redis", used));
        foreach (var (instance, part) in await stores.JournalsAsync(now, cancellationToken)) found.Add(Full(installation, AlertKinds.JournalDepth, instance, part));
        return found;
    }

    // A store that was full does not fall to half of it when it is mended: it is over when there is clearly more room again.
    private static Finding Full(Guid installation, string kind, string subject, double used) =>
        new(new(installation, kind, subject), used, 0, new(FullFrom, used >= FullFrom, used < FullFrom - 0.1));
}
