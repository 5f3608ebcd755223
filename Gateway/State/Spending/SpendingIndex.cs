using System.Collections.Immutable;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.State.Spending;

/// <summary>
/// Limits, budgets, tiers, stops, throttles and approvals of all organisations by scope. Immutable and cheap to change: with a million keys that have limits of their
/// own, a change of one costs a few tree nodes.
/// </summary>
internal sealed class SpendingIndex
{
    /// <summary>An index without anything.</summary>
    public static readonly SpendingIndex Empty = new(ImmutableDictionary<Guid, SpendingRow>.Empty, ImmutableDictionary<ScopeKey, ImmutableArray<SpendingRow>>.Empty);

    private readonly ImmutableDictionary<Guid, SpendingRow> byId;
    private readonly ImmutableDictionary<ScopeKey, ImmutableArray<SpendingRow>> byScope;
    private HashSet<Guid>? limited;
    private int? limitCount;
    private bool? hasStops;
    private Dictionary<Guid, DateTimeOffset>? newest;

    private SpendingIndex(ImmutableDictionary<Guid, SpendingRow> byId, ImmutableDictionary<ScopeKey, ImmutableArray<SpendingRow>> byScope)
    {
        this.byId = byId;
        this.byScope = byScope;
    }

    /// <summary>Every row, in no order.</summary>
    public IEnumerable<SpendingRow> All => byId.Values;

    /// <summary>Number of limits and budgets.</summary>
    public int LimitCount => limitCount ??= byId.Values.Count(row => row is LimitRow or BudgetRow);

    /// <summary>Number of rows.</summary>
    public int Count => byId.Count;

    /// <summary>An index of the given rows.</summary>
    public static SpendingIndex Of(IEnumerable<SpendingRow> rows)
    {
        var ids = ImmutableDictionary.CreateBuilder<Guid, SpendingRow>();
        var scopes = new Dictionary<ScopeKey, List<SpendingRow>>();
        foreach (var row in rows)
        {
            if (!ids.TryAdd(row.Id, row)) continue;
            if (!scopes.TryGetValue(row.Scope, out var list)) scopes[row.Scope] = list = [];
            list.Add(row);
        }
        return new(ids.ToImmutable(), scopes.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray()));
    }

    /// <summary>An index in which the given rows are as given, and those with a null are gone.</summary>
    public SpendingIndex With(IReadOnlyDictionary<Guid, SpendingRow?> changes)
    {
        var ids = byId.ToBuilder();
        var scopes = byScope.ToBuilder();
        foreach (var (id, row) in changes)
        {
            if (ids.TryGetValue(id, out var before))
            {
                var rest = scopes[before.Scope].Remove(before);
                if (rest.IsEmpty) scopes.Remove(before.Scope);
                else scopes[before.Scope] = rest;
                ids.Remove(id);
            }
            if (row is null) continue;
            ids[id] = row;
            scopes[row.Scope] = scopes.TryGetValue(row.Scope, out var there) ? there.Add(row) : [row];
        }
        return new(ids.ToImmutable(), scopes.ToImmutable());
    }

    /// <summary>The same rows as another object: what was derived from the old one (see the meters' catalog) is derived anew, in another time zone for instance.</summary>
    public SpendingIndex Renewed() => new(byId, byScope);

    /// <summary>What stops a scope at a moment, of several what lasts longest; null = nothing does.</summary>
    public StopRow? StopOf(Guid organisation, string kind, string? id, DateTimeOffset now)
    {
        StopRow? longest = null;
        foreach (var row in At(new(organisation, kind, id)))
            if (row is StopRow stop && !(stop.Until <= now) && (longest is null || (stop.Until ?? DateTimeOffset.MaxValue) > (longest.Until ?? DateTimeOffset.MaxValue))) longest = stop;
        return longest;
    }

    /// <summary>Whether anybody configured anything for this scope itself.</summary>
    public bool HasOwn(Guid organisation, string kind, string id) => byScope.ContainsKey(new(organisation, kind, id));

    /// <summary>Whether anything is stopped.</summary>
    public bool HasStops => hasStops ??= byId.Values.Any(row => row is StopRow);

    /// <summary>A granted approval by its ticket; null = there is none.</summary>
    public ApprovalRow? ApprovalOf(Guid organisation, Guid ticket) =>
        At(new(organisation, ScopeKey.Approval, ticket.ToString())) is [ApprovalRow row, ..] ? row : null;

    /// <summary>Ids of the raises of a budget that is known here; none when it is not, or is no budget.</summary>
    public IEnumerable<Guid> RaisesOf(Guid id) => byId.TryGetValue(id, out var row) && row is BudgetRow budget
        ? At(new(budget.OrganisationId, ScopeKey.RaisesOfBudget, id.ToString())).Select(raise => raise.Id)
        : [];

    /// <summary>Every budget, for whoever sums up what was spent.</summary>
    public IEnumerable<BudgetRow> BudgetsOf(Guid organisation) => byId.Values.OfType<BudgetRow>().Where(budget => budget.OrganisationId == organisation);

    /// <summary>A budget by its id; null = there is none.</summary>
    public BudgetRow? BudgetOf(Guid id) => byId.GetValueOrDefault(id) as BudgetRow;

    /// <summary>When the youngest budget of an organisation took effect; null = it has none.</summary>
    public DateTimeOffset? NewestBudget(Guid organisation)
    {
        newest ??= byId.Values.OfType<BudgetRow>().GroupBy(budget => budget.OrganisationId).ToDictionary(group => group.Key, group => group.Max(budget => budget.EffectiveFrom));
        return newest.TryGetValue(organisation, out var at) ? at : null;
    }

    /// <summary>Organisations that have any limit or budget; all zeros for the installation.</summary>
    public IReadOnlySet<Guid> Limited => limited ??= byId.Values.Where(row => row is LimitRow or BudgetRow or TierAssignmentRow or ThrottleRow).Select(row => row.OrganisationId).ToHashSet();

    /// <summary>What raises a budget for a scope at a moment, in nano-USD, and until when that sum holds.</summary>
    public (long NanoUsd, DateTimeOffset Until) RaisedBy(BudgetRow budget, string? scopeId, DateTimeOffset now)
    {
        var (sum, until) = (0L, DateTimeOffset.MaxValue);
        foreach (var row in At(new(budget.OrganisationId, ScopeKey.RaisesOfBudget, budget.Id.ToString())))
        {
            if (row is not RaiseRow raise || raise.Until <= now || (raise.ScopeId is not null && raise.ScopeId != scopeId)) continue;
            // No cap is larger than the largest, and a sum that overflows would be none at all.
            sum = Math.Min(sum + Math.Min(raise.AmountNanoUsd, Budget.MaxCapNanoUsd), Budget.MaxCapNanoUsd);
            if (raise.Until < until) until = raise.Until;
        }
        return (sum, until);
    }

    /// <summary>
    /// The rules of one scope. Limits, for each unit by itself: its own; else those of its tier (its own one, else the kind's); else the kind's default.
    /// Budgets: its own; else the kind's default. What throttles a key holds beside all of them, also past its end: whoever asks looks at the clock.
    /// </summary>
    /// <param name="organisation">The organisation; all zeros = the installation.</param>
    /// <param name="kind">Of <see cref="ScopeKinds"/>.</param>
    /// <param name="id">Which one; null = the one there is (global, organisation).</param>
    public ScopeRules RulesOf(Guid organisation, string kind, string? id)
    {
        var own = At(new(organisation, kind, id));
        var defaults = id is null ? [] : At(new(organisation, kind, null));
        if (own.IsEmpty && defaults.IsEmpty) return ScopeRules.None;

        var limits = new List<ScopedLimit>();
        var tier = TierOf(organisation, own) ?? TierOf(organisation, defaults);
        foreach (var unit in LimitUnits.All)
            if (!AddLimits(limits, own, unit, isDefault: false) && !AddTier(limits, tier, unit)) AddLimits(limits, defaults, unit, isDefault: true);

        foreach (var row in own)
            if (row is ThrottleRow throttle) limits.Add(new(throttle.AsLimit, IsDefault: false) { Throttle = throttle });

        var budgets = new List<ScopedBudget>();
        foreach (var row in own)
            if (row is BudgetRow budget) budgets.Add(new(budget, IsDefault: false));
        if (budgets.Count == 0)
            foreach (var row in defaults)
                if (row is BudgetRow budget) budgets.Add(new(budget, IsDefault: true));
        return new ScopeRules([.. limits], [.. budgets]);
    }

    /// <summary>The tier that a scope itself was given; null = none.</summary>
    public TierRow? TierOf(Guid organisation, string kind, string id) => TierOf(organisation, At(new(organisation, kind, id)));

    /// <summary>What is set on a scope itself, or with a null id on those of its kind without their own.</summary>
    public ImmutableArray<SpendingRow> RowsOf(Guid organisation, string kind, string? id) => At(new(organisation, kind, id));

    private static bool AddLimits(List<ScopedLimit> limits, ImmutableArray<SpendingRow> rows, string unit, bool isDefault)
    {
        var before = limits.Count;
        foreach (var row in rows)
            if (row is LimitRow limit && limit.Unit == unit) limits.Add(new(limit, isDefault));
        return limits.Count > before;
    }

    private static bool AddTier(List<ScopedLimit> limits, TierRow? tier, string unit)
    {
        var (amount, period) = unit switch
        {
            LimitUnits.Requests => (tier?.RequestsPerMinute, LimitPeriods.Minute),
            LimitUnits.Tokens => (tier?.TokensPerMinute, LimitPeriods.Minute),
            LimitUnits.Concurrency => (tier?.Concurrency, null),
            _ => (null, null),
        };
        if (tier is null || amount is null) return false;
        // The tier's id serves as the limit's: the unit tells the three apart, the scope those who share it.
        limits.Add(new(new LimitRow(tier.Id, tier.OrganisationId, "", null, unit, amount.Value, period, null, LimitActions.Reject, null, null), IsDefault: true) { Tier = tier.Name });
        return true;
    }

    private TierRow? TierOf(Guid organisation, ImmutableArray<SpendingRow> rows)
    {
        foreach (var row in rows)
            if (row is TierAssignmentRow assignment && At(new(organisation, ScopeKey.Tier, assignment.TierId.ToString())) is [TierRow tier, ..]) return tier;
        return null;
    }

    private ImmutableArray<SpendingRow> At(ScopeKey scope) => byScope.TryGetValue(scope, out var rows) ? rows : [];
}

/// <summary>What holds for one scope.</summary>
/// <param name="Limits">Its limits.</param>
/// <param name="Budgets">Its budgets.</param>
internal sealed record ScopeRules(ScopedLimit[] Limits, ScopedBudget[] Budgets)
{
    /// <summary>Nothing is limited.</summary>
    public static readonly ScopeRules None = new([], []);

    /// <summary>True when nothing is limited.</summary>
    public bool IsEmpty => Limits.Length == 0 && Budgets.Length == 0;
}

/// <summary>A limit on a scope.</summary>
/// <param name="Row">The limit.</param>
/// <param name="IsDefault">Whether it stands for many scopes, each of which has a meter of its own.</param>
internal sealed record ScopedLimit(LimitRow Row, bool IsDefault)
{
    /// <summary>The tier that it comes from; null = none.</summary>
    public string? Tier { get; init; }

    /// <summary>The throttle that it is; null = it is a limit that somebody set.</summary>
    public ThrottleRow? Throttle { get; init; }
}

/// <summary>A budget on a scope.</summary>
/// <param name="Row">The budget.</param>
/// <param name="IsDefault">Whether it stands for many scopes, each of which has a meter of its own.</param>
internal sealed record ScopedBudget(BudgetRow Row, bool IsDefault);
