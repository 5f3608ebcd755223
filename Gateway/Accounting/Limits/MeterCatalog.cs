using System.Collections.Concurrent;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Spending;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Meters by scope, made when a scope is first met and kept while the configuration stays: a request looks up some eight of them.</summary>
internal sealed class MeterCatalog
{
    // A scope costs a few hundred bytes; above this the catalog begins anew, which costs a microsecond a scope.
    private const int MaxScopes = 200_000;

    private Cache cache = new(SpendingIndex.Empty);

    /// <summary>The meters of a scope at a moment.</summary>
    /// <param name="spending">The configuration that the request runs under.</param>
    /// <param name="organisation">Whose; null = the installation's.</param>
    /// <param name="kind">Of <see cref="Shared.Domain.Limits.ScopeKinds"/>.</param>
    /// <param name="id">Which one; null where there is one only.</param>
    /// <param name="now">When the request arrived.</param>
    public ScopeMeters Of(SpendingIndex spending, OrganisationSnapshot? organisation, string kind, string? id, DateTimeOffset now)
    {
        var current = Volatile.Read(ref cache);
        if (!ReferenceEquals(current.Spending, spending) || current.Count > MaxScopes) Volatile.Write(ref cache, current = new Cache(spending));
        var key = new ScopeKey(organisation?.Id ?? Guid.Empty, kind, id);
        if (current.Scopes.TryGetValue(key, out var known) && known.ValidFrom <= now && now < known.ValidUntil) return known;
        var meters = ScopeMeters.Of(spending, key.OrganisationId, kind, id, organisation?.Zone ?? TimeZoneInfo.Utc, now);
        // Around a window's end requests of both windows are on their way; the newer one is the one to keep.
        if (known is null) current.Count++;
        if (known is null || known.ValidUntil <= now) current.Scopes[key] = meters;
        return meters;
    }

    private sealed class Cache(SpendingIndex spending)
    {
        public SpendingIndex Spending { get; } = spending;

        public ConcurrentDictionary<ScopeKey, ScopeMeters> Scopes { get; } = new();

        // Counted apart, and roughly: asking the dictionary would lock all of it.
        public int Count { get; set; }
    }
}
