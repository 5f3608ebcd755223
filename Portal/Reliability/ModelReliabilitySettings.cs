using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Reliability;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Reliability;

/// <summary>A model's settings, checked.</summary>
internal static class ModelReliabilitySettings
{
    /// <summary>Most legs of a model.</summary>
    public const int MaxLegs = 5;

    /// <summary>Most characters of a canned answer.</summary>
    public const int MaxAnswer = 4_000;

    private const int LongestMs = 3_600_000;

    /// <summary>What can be told without the database.</summary>
    public static ModelReliability Read(FieldChecks checks, ModelReliabilityRequest r)
    {
        checks.Range("retries", r.Retries, 0, 10);
        checks.Range("connect_timeout_ms", r.ConnectTimeoutMs, 100, 60_000);
        checks.Range("first_token_timeout_ms", r.FirstTokenTimeoutMs, 100, LongestMs);
        checks.Range("idle_timeout_ms", r.IdleTimeoutMs, 100, LongestMs);
        checks.Range("total_timeout_ms", r.TotalTimeoutMs, 1_000, LongestMs);
        checks.Range("latency_budget_ms", r.LatencyBudgetMs, 10, 600_000);
        if (r.TotalTimeoutMs < r.FirstTokenTimeoutMs) checks.Add("total_timeout_ms", "total_timeout_ms must be at least first_token_timeout_ms: nothing would ever wait so long.");
        var legs = new List<FallbackLeg>();
        foreach (var leg in r.Fallbacks ?? [])
        {
            var to = checks.ModelReference("fallbacks", leg?.To);
            if (leg is null || to is null)
            {
                checks.Add("fallbacks", "A fallback names a model or provider/model in to.");
                continue;
            }
            if ((leg.Status ?? []).Any(s => s is < 400 or > 599)) checks.Add("fallbacks", $"Statuses of the fallback to {to} are from 400 to 599.");
            if (legs.Exists(l => l.To == to)) checks.Add("fallbacks", $"{to} stands twice. One fallback may have several conditions.");
            legs.Add(leg.ToLeg(to));
        }
        checks.Must(legs.Count <= MaxLegs, "fallbacks", $"fallbacks may hold at most {MaxLegs} entries.");
        return new()
        {
            Hedge = r.Hedge?.Read(checks), Retries = r.Retries, ConnectTimeoutMs = r.ConnectTimeoutMs, FirstTokenTimeoutMs = r.FirstTokenTimeoutMs, IdleTimeoutMs = r.IdleTimeoutMs,
            TotalTimeoutMs = r.TotalTimeoutMs, LatencyBudgetMs = r.LatencyBudgetMs, Fallbacks = legs,
            Degradation = Read(checks, r.Degradation),
        };
    }

    private static DegradationSettings? Read(FieldChecks checks, DegradationRequest? r)
    {
        if (r is null) return null;
        if (r.Action is null || !DegradationActions.All.Contains(r.Action, StringComparer.Ordinal))
        {
            checks.Add("degradation.action", $"degradation.action is one of {string.Join(", ", DegradationActions.All)}.");
            return null;
        }
        if (r.Action == DegradationActions.Canned) return new() { Action = r.Action, Text = checks.Text("degradation.text", r.Text, MaxAnswer) };
        checks.Must(string.IsNullOrEmpty(r.Text), "degradation.text", "degradation.text goes with the action canned.");
        // As usual.
        return r.Action == DegradationActions.Stale ? new() { Action = r.Action } : null;
    }

    /// <summary>What only the database can tell: models that do not exist, and ways that lead back to where they began.</summary>
    public static async Task<Failure?> CheckAsync(GatewayDbContext context, Guid organisation, string model, ModelReliability settings, CancellationToken cancellationToken)
    {
        if (settings.Fallbacks.Count == 0) return null;
        foreach (var leg in settings.Fallbacks)
            if (await ModelNames.CheckAsync(context, organisation, "fallbacks", leg.To, cancellationToken) is { } unknown) return unknown;
        var aliases = await context.ModelAliases.Where(a => a.OrganisationId == organisation)
            .Join(context.Models, a => a.ModelId, m => m.Id, (a, m) => new { a.Name, Model = m.Name }).ToDictionaryAsync(a => a.Name, a => a.Model, StringComparer.Ordinal, cancellationToken);
        var others = await context.Models.AsNoTracking().Where(m => m.OrganisationId == organisation && m.Name != model && m.Reliability != null)
            .Select(m => new { m.Name, m.Reliability }).ToListAsync(cancellationToken);
        var ways = others.ToDictionary(m => m.Name, m => TargetsOf(m.Reliability!, aliases), StringComparer.Ordinal);
        ways[model] = TargetsOf(settings, aliases);
        return WayBack(model, ways) is { } way ? new Failure.Invalid([new("fallbacks", $"These fallbacks lead back to where they began: {string.Join(", then ", way)}. Leave one of them out.")]) : null;
    }

    /// <summary>The way from a model back to itself; null = there is none.</summary>
    internal static IReadOnlyList<string>? WayBack(string model, IReadOnlyDictionary<string, IReadOnlyList<string>> ways)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var way = new List<string> { model };
        return Goes(model) ? way : null;

        bool Goes(string from)
        {
            foreach (var to in ways.GetValueOrDefault(from) ?? [])
            {
                way.Add(to);
                if (to == model || (seen.Add(to) && Goes(to))) return true;
                way.RemoveAt(way.Count - 1);
            }
            return false;
        }
    }

    private static IReadOnlyList<string> TargetsOf(ModelReliability settings, Dictionary<string, string> aliases) =>
        [.. settings.Fallbacks.Select(leg => aliases.GetValueOrDefault(leg.To, leg.To))];
}
