using System.Collections.Concurrent;
using System.Collections.Frozen;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Policies;

/// <summary>An organisation's guardrail policies, and what they come to for a key and a model.</summary>
internal sealed class GuardrailPolicies
{
    /// <summary>There are none.</summary>
    public static readonly GuardrailPolicies None = new([]);

    private readonly FrozenDictionary<string, GuardrailSettings> teams, keys, models;
    private readonly GuardrailSettings? organisation;
    private readonly ExternalCheck[] checks;

    // Only scopes that have a policy of their own make a difference, so there are few.
    private readonly ConcurrentDictionary<(string? Team, string? Key, string? Model, string? Floor), ActiveRule[]> active = new();
    private readonly ConcurrentDictionary<(string? Team, string? Key, string? Model, string? Floor), ActiveCheck[]> activeChecks = new();

    /// <summary>From the rows.</summary>
    public GuardrailPolicies(GuardrailRow[] rows, params CheckRow[] checks)
    {
        this.checks = [.. checks.Select(ExternalCheck.Of).OfType<ExternalCheck>()];
        organisation = rows.FirstOrDefault(row => row.Kind == GuardrailScopes.Organisation)?.Settings;
        (teams, keys, models) = (OfKind(rows, GuardrailScopes.Team), OfKind(rows, GuardrailScopes.Key), OfKind(rows, GuardrailScopes.Model));
        IsEmpty = rows.Length == 0;
        HasChecks = Array.Exists(rows, row => GuardrailNames.ReplyChecks.Any(name => row.Settings.RuleOf(name) is not null));
        WarmUp.Begin(rows.Select(row => row.Settings));
    }

    /// <summary>Whether nothing is looked at.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether any policy speaks of whole replies.</summary>
    public bool HasChecks { get; }

    /// <summary>What looks at a request, in order; empty = nothing does.</summary>
    /// <param name="team">The team's id.</param>
    /// <param name="key">The key's id.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="floor">The least that guardrails do, of <see cref="GuardrailLevels.Floors"/>; null = what policies say.</param>
    public ActiveRule[] For(string team, string key, string model, string? floor = null)
    {
        if (IsEmpty && floor is null) return [];
        var scopes = ScopesOf(team, key, model, floor);
        return active.TryGetValue(scopes, out var rules) ? rules : active.GetOrAdd(scopes, Merge);
    }

    /// <summary>What checks the whole reply to a request, in order; empty = nothing does.</summary>
    /// <inheritdoc cref="For" />
    public ActiveCheck[] ChecksFor(string team, string key, string model, string? floor = null)
    {
        if (!HasChecks) return [];
        var scopes = ScopesOf(team, key, model, floor);
        return activeChecks.TryGetValue(scopes, out var checks) ? checks : activeChecks.GetOrAdd(scopes, MergeChecks);
    }

    private (string? Team, string? Key, string? Model, string? Floor) ScopesOf(string team, string key, string model, string? floor) =>
        (teams.ContainsKey(team) ? team : null, keys.ContainsKey(key) ? key : null, models.ContainsKey(model) ? model : null, floor);

    private ActiveCheck[] MergeChecks((string? Team, string? Key, string? Model, string? Floor) scopes) =>
    [
        .. ReplyCheckModules.All
            .Select(check => ActiveCheck.Of(check, RuleMerge.Of(check.Name, organisation, Of(teams, scopes.Team), Of(keys, scopes.Key), Of(models, scopes.Model), scopes.Floor)))
            .OfType<ActiveCheck>(),
    ];

    private ActiveRule[] Merge((string? Team, string? Key, string? Model, string? Floor) scopes)
    {
        var (team, key, model) = (Of(teams, scopes.Team), Of(keys, scopes.Key), Of(models, scopes.Model));
        string[] order = key?.Order ?? team?.Order ?? organisation?.Order ?? [];
        return
        [
            .. GuardrailModules.All
                .Select(guardrail => ActiveRule.Of(guardrail, RuleMerge.Of(guardrail.Name, organisation, team, key, model, scopes.Floor), checks))
                .OfType<ActiveRule>()
                // Those that are not named come after, as they are listed.
                .OrderBy(rule => Array.IndexOf(order, rule.Guardrail.Name) is >= 0 and var place ? place : int.MaxValue),
        ];
    }

    private static GuardrailSettings? Of(FrozenDictionary<string, GuardrailSettings> settings, string? scope) => scope is null ? null : settings.GetValueOrDefault(scope);

    private static FrozenDictionary<string, GuardrailSettings> OfKind(GuardrailRow[] rows, string kind) =>
        rows.Where(row => row.Kind == kind && row.Id is not null).ToFrozenDictionary(row => row.Id!, row => row.Settings, StringComparer.Ordinal);
}
