using System.Runtime.CompilerServices;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>The scopes that a request belongs to, with their meters: from wide to narrow, the ones inside its organisation and the ones across.</summary>
internal sealed class SpendScopes(MeterCatalog catalog, UnknownIds unknown)
{
    /// <summary>Most scopes that one request has.</summary>
    public const int Most = 9;

    /// <summary>Finds them.</summary>
    /// <param name="exchange">The request; it has a plan.</param>
    /// <param name="model">The logical model that it goes to.</param>
    /// <param name="inside">Gets those of the organisation.</param>
    /// <param name="across">Gets those of the installation.</param>
    public void Find(Exchange exchange, string model, ref ScopeList inside, ref ScopeList across)
    {
        var spending = exchange.Snapshot!.Spending;
        var caller = exchange.Caller!;
        var facts = exchange.Request!;
        var organisation = caller.Organisation;
        var now = exchange.ArrivedAt;
        var limited = spending.Limited;
        if (limited.Contains(organisation.Id))
        {
            inside.Add(catalog.Of(spending, organisation, ScopeKinds.Organisation, null, now));
            inside.Add(catalog.Of(spending, organisation, ScopeKinds.Team, caller.Team.IdText, now));
            inside.Add(catalog.Of(spending, organisation, ScopeKinds.Key, caller.Key.IdText, now));
            inside.Add(OfName(spending, caller, ScopeKinds.User, facts.UserId, now));
            inside.Add(OfName(spending, caller, ScopeKinds.Feature, facts.Feature, now));
            inside.Add(OfName(spending, caller, ScopeKinds.Agent, facts.Agent, now));
            inside.Add(catalog.Of(spending, organisation, ScopeKinds.Model, model, now));
        }
        if (!limited.Contains(Guid.Empty)) return;
        across.Add(catalog.Of(spending, null, ScopeKinds.Global, null, now));
        across.Add(catalog.Of(spending, null, ScopeKinds.Model, model, now));
    }

    /// <summary>The meters of a deployment's quota.</summary>
    public ScopeMeters OfDeployment(Exchange exchange, string deployment) =>
        catalog.Of(exchange.Snapshot!.Spending, exchange.Caller!.Organisation, ScopeKinds.Deployment, deployment, exchange.ArrivedAt);

    private ScopeMeters OfName(SpendingIndex spending, Caller caller, string kind, string? name, DateTimeOffset now)
    {
        if (name is null) return ScopeMeters.None;
        var organisation = caller.Organisation;
        // Names come from callers: whoever makes up a new one for each request shares the limit of all the others who do.
        var known = spending.HasOwn(organisation.Id, kind, name) || unknown.TryKeep(organisation.Id, kind, name, now);
        return catalog.Of(spending, organisation, kind, known ? name : UnknownIds.Others, now);
    }
}

/// <summary>A few scopes, without a list on the heap.</summary>
internal ref struct ScopeList
{
    private Slots slots;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Counters in all of them.</summary>
    public int Meters { get; private set; }

    /// <summary>Whether any has a budget.</summary>
    public bool HasBudgets { get; private set; }

    /// <summary>Whether any limits tokens.</summary>
    public bool HasTokens { get; private set; }

    /// <summary>The tightest limit of output tokens of one request; null = none.</summary>
    public ScopedLimit? OutputTokens { get; private set; }

    /// <summary>Adds a scope that limits anything.</summary>
    public void Add(ScopeMeters scope)
    {
        if (scope.OutputTokens is { } limit && (OutputTokens is null || limit.Row.Amount < OutputTokens.Row.Amount)) OutputTokens = limit;
        if (scope.Meters.Length == 0) return;
        slots[Count++] = scope;
        Meters += scope.Meters.Length;
        HasBudgets |= scope.HasBudgets;
        HasTokens |= scope.HasTokens;
    }

    /// <summary>All counters in one array.</summary>
    public readonly Meter[] ToArray()
    {
        var meters = new Meter[Meters];
        var at = 0;
        for (var i = 0; i < Count; i++)
        {
            slots[i].Meters.CopyTo(meters, at);
            at += slots[i].Meters.Length;
        }
        return meters;
    }

    [InlineArray(SpendScopes.Most)]
    private struct Slots
    {
        private ScopeMeters first;
    }
}
