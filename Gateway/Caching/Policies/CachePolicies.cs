using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using AspireGateway.Gateway.Caching.Prefixes;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Caching.Policies;

/// <summary>An organisation's cache policies, and what they come to for a key and a model.</summary>
internal sealed class CachePolicies
{
    /// <summary>There are none.</summary>
    public static readonly CachePolicies None = new([]);

    private readonly FrozenDictionary<string, CacheSettings> teams, keys, models;
    private readonly CacheSettings? organisation;

    // Only scopes that have a policy of their own make a difference, so there are few.
    private readonly ConcurrentDictionary<(string? Team, string? Key, string? Model), CacheTerms?> active = new();
    private readonly ConcurrentDictionary<(string? Team, string? Key, string? Model), PrefixTerms?> prefixes = new();

    /// <summary>From the rows.</summary>
    /// <param name="rows">The policies.</param>
    /// <param name="guardrails">The organisation's guardrail policies: a change of any of them makes other keys.</param>
    public CachePolicies(CacheRow[] rows, GuardrailRow[]? guardrails = null)
    {
        Guardrails = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new SteeringRows(Guardrails: guardrails), SteeringJson.Default.SteeringRows));
        organisation = rows.FirstOrDefault(row => row.Kind == CachePolicyScopes.Organisation)?.Settings;
        (teams, keys, models) = (OfKind(rows, CachePolicyScopes.Team), OfKind(rows, CachePolicyScopes.Key), OfKind(rows, CachePolicyScopes.Model));
        IsEmpty = Array.TrueForAll(rows, row => row.Settings.Mode == CacheModes.Off);
        HasNoPrefixes = Array.TrueForAll(rows, row => row.Settings.Prefix is null or PrefixModes.Off);
    }

    /// <summary>Whether nothing of the organisation is kept.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether nothing is done for providers' caches of the organisation's prompts.</summary>
    public bool HasNoPrefixes { get; }

    /// <summary>A digest of the organisation's guardrail policies.</summary>
    public byte[] Guardrails { get; }

    /// <summary>What holds for a request; null = it is not kept and not answered from what is.</summary>
    public CacheTerms? For(string team, string key, string model)
    {
        if (IsEmpty) return null;
        var scopes = ScopesOf(team, key, model);
        return active.TryGetValue(scopes, out var terms) ? terms : active.GetOrAdd(scopes, Merge);
    }

    /// <summary>What may be done for providers' caches of a request's beginning; null = nothing.</summary>
    public PrefixTerms? PrefixFor(string team, string key, string model)
    {
        if (HasNoPrefixes) return null;
        var scopes = ScopesOf(team, key, model);
        return prefixes.TryGetValue(scopes, out var terms) ? terms : prefixes.GetOrAdd(scopes, MergePrefix);
    }

    private (string? Team, string? Key, string? Model) ScopesOf(string team, string key, string model) =>
        (teams.ContainsKey(team) ? team : null, keys.ContainsKey(key) ? key : null, models.ContainsKey(model) ? model : null);

    // The nearest of key, team and organisation decides; a model's policy narrows that, and holds by itself where nobody else says anything.
    private CacheTerms? Merge((string? Team, string? Key, string? Model) scopes)
    {
        var nearest = Of(keys, scopes.Key) ?? Of(teams, scopes.Team) ?? organisation;
        var model = Of(models, scopes.Model);
        if (nearest is null) return model is null ? null : CacheTerms.Of(model);
        var terms = CacheTerms.Of(nearest);
        if (terms is null || model is null) return terms;
        return CacheTerms.Of(model) is { } own ? CacheTerms.Narrower(terms, own) : null;
    }

    // Likewise; a policy that says nothing of beginnings neither narrows nor is narrowed.
    private PrefixTerms? MergePrefix((string? Team, string? Key, string? Model) scopes)
    {
        var nearest = Of(keys, scopes.Key) ?? Of(teams, scopes.Team) ?? organisation;
        var model = Of(models, scopes.Model);
        if (nearest?.Prefix is null) return model is null ? null : PrefixTerms.Of(model);
        return model?.Prefix is null ? PrefixTerms.Of(nearest) : PrefixTerms.Narrower(PrefixTerms.Of(nearest), PrefixTerms.Of(model));
    }

    private static CacheSettings? Of(FrozenDictionary<string, CacheSettings> settings, string? scope) => scope is null ? null : settings.GetValueOrDefault(scope);

    private static FrozenDictionary<string, CacheSettings> OfKind(CacheRow[] rows, string kind) =>
        rows.Where(row => row.Kind == kind && row.Id is not null).ToFrozenDictionary(row => row.Id!, row => row.Settings, StringComparer.Ordinal);
}
