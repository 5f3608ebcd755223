using System.Text.Json;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;
using FsCheck;
using FsCheck.Fluent;
using static AspireGateway.Gateway.Tests.Accounting.Ledger.LedgerScene;

namespace AspireGateway.Gateway.Tests.State.Spending;

public sealed class SpendingIndexTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 40).Select(i => new Guid(i, 0, 0, new byte[8]))];
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public void Limits_OfEachUnit_AreItsOwnElseItsTiersElseTheDefault()
    {
        var (free, gold) = (Tier("Free", 10, null, 2), Tier("Gold", 300, 500_000, null));
        SpendingRow[] rows =
        [
            free, gold, Assign(null, free), Assign("gold", gold), Assign("own", gold),
            Limit(LimitUnits.Requests, 7, id: "own"), Limit(LimitUnits.Requests, 8, LimitPeriods.Hour, id: "own"),
            Limit(LimitUnits.Requests, 1, id: null), Limit(LimitUnits.Tokens, 1_000, id: null), Limit(LimitUnits.Concurrency, 5, id: null), Limit(LimitUnits.OutputTokens, 99, id: null),
        ];
        var index = SpendingIndex.Of(rows);

        Assert.Equal("requests 7 minute, requests 8 hour, tokens 500000 minute Gold, concurrency 5 default, output_tokens 99 default", Text(index, "own"));
        Assert.Equal("requests 300 minute Gold, tokens 500000 minute Gold, concurrency 5 default, output_tokens 99 default", Text(index, "gold"));
        Assert.Equal("requests 10 minute Free, tokens 1000 minute default, concurrency 2 Free, output_tokens 99 default", Text(index, "anyone"));
        Assert.Equal("", Text(index, null, ScopeKinds.Organisation));
        Assert.Equal("", Text(index, "own", ScopeKinds.Team));
        Assert.True(index.RulesOf(Guid.NewGuid(), ScopeKinds.Key, "own").IsEmpty);
    }

    [Fact]
    public void OwnBudgets_ReplaceTheDefaults_AllOfThem()
    {
        var (day, month, own) = (Budget(1, id: null), Budget(2, BudgetPeriods.Monthly, id: null), Budget(3, BudgetPeriods.Total, id: "own"));
        var index = SpendingIndex.Of([day, month, own]);

        Assert.Equal([new ScopedBudget(own, false)], index.RulesOf(Organisation, ScopeKinds.Key, "own").Budgets);
        Assert.Equal([new ScopedBudget(day, true), new ScopedBudget(month, true)], index.RulesOf(Organisation, ScopeKinds.Key, "x").Budgets);
    }

    [Fact]
    public void Raises_CountForTheirScope_UntilTheyExpire()
    {
        var budget = Budget(100, id: null);
        RaiseRow Raise(long amount, int minutes, string? scope) => new(Guid.CreateVersion7(), Organisation, budget.Id, scope, amount, Start.AddMinutes(minutes));
        var (all, mine) = (Raise(1, 10, null), Raise(20, 5, "me"));
        var index = SpendingIndex.Of([budget, all, mine, Raise(300, 0, null)]);

        Assert.Equal((21, Start.AddMinutes(5)), index.RaisedBy(budget, "me", Start));
        Assert.Equal((1, Start.AddMinutes(10)), index.RaisedBy(budget, "you", Start));
        Assert.Equal((1, Start.AddMinutes(10)), index.RaisedBy(budget, "me", Start.AddMinutes(5)));
        Assert.Equal((0, DateTimeOffset.MaxValue), index.RaisedBy(budget, "me", Start.AddMinutes(10)));
        Assert.Equal(3, index.RaisesOf(budget.Id).Count());
        Assert.Empty(index.RaisesOf(all.Id));
    }

    [Fact]
    public void StopsAndApprovals_AreFoundByScopeAndTicket()
    {
        var stop = new StopRow(Guid.CreateVersion7(), Organisation, ScopeKinds.Organisation, null, "why");
        var approval = new ApprovalRow(Guid.CreateVersion7(), Organisation, Guid.NewGuid(), "fast", true, 5, Start);
        var index = SpendingIndex.Of([stop, approval]);

        Assert.Same(stop, index.StopOf(Organisation, ScopeKinds.Organisation, null, Start));
        Assert.Null(index.StopOf(Organisation, ScopeKinds.Key, "k", Start));
        Assert.Null(index.StopOf(Guid.Empty, ScopeKinds.Organisation, null, Start));
        Assert.Same(approval, index.ApprovalOf(Organisation, approval.Id));
        Assert.Null(index.ApprovalOf(Guid.NewGuid(), approval.Id));
        Assert.Null(index.ApprovalOf(Organisation, stop.Id));
        Assert.Empty(index.Limited);
    }

    [Fact]
    public void Stop_WithAnEnd_HoldsUntilIt_AndOfSeveralTheLongestIsTold()
    {
        var brief = new StopRow(Guid.CreateVersion7(), Organisation, ScopeKinds.Key, "k", "ran away", Start.AddMinutes(5), IsAnomaly: true);
        var longer = brief with { Id = Guid.CreateVersion7(), Until = Start.AddMinutes(9) };
        var index = SpendingIndex.Of([brief, longer]);
        Assert.Same(longer, index.StopOf(Organisation, ScopeKinds.Key, "k", Start));
        Assert.Same(longer, index.StopOf(Organisation, ScopeKinds.Key, "k", Start.AddMinutes(9).AddTicks(-1)));
        Assert.Null(index.StopOf(Organisation, ScopeKinds.Key, "k", Start.AddMinutes(9)));
        var forGood = new StopRow(Guid.CreateVersion7(), Organisation, ScopeKinds.Key, "k", "leaked");
        Assert.Same(forGood, SpendingIndex.Of([brief, forGood, longer]).StopOf(Organisation, ScopeKinds.Key, "k", Start));
    }

    [Fact]
    public void Throttle_HoldsBesideWhatTheKeyHas_WhereverThatComesFrom()
    {
        var throttle = new ThrottleRow(Guid.CreateVersion7(), Organisation, "k", 5, Start.AddMinutes(5));
        var (own, common) = (Limit(LimitUnits.Requests, 60, id: "k"), Limit(LimitUnits.Requests, 90, id: null));
        Assert.Equal([60L, 5], Amounts(own, throttle));
        // A limit of its own would take the default's place; what lowers may not loosen.
        Assert.Equal([90L, 5], Amounts(common, throttle));
        Assert.Equal([5L], Amounts(throttle));
        Assert.Equal([Organisation], SpendingIndex.Of([throttle]).Limited);
        Assert.Empty(SpendingIndex.Of([throttle]).RulesOf(Organisation, ScopeKinds.Key, "other").Limits);

        static IEnumerable<long> Amounts(params SpendingRow[] rows) => SpendingIndex.Of(rows).RulesOf(Organisation, ScopeKinds.Key, "k").Limits.Select(l => l.Row.Amount);
    }

    [Fact]
    public void Throttle_EndsByTheClock_AndMetersWithIt()
    {
        var throttle = new ThrottleRow(Guid.CreateVersion7(), Organisation, "k", 5, Start.AddMinutes(5));
        var index = SpendingIndex.Of([throttle, Limit(LimitUnits.Requests, 60, id: "k")]);
        var held = ScopeMeters.Of(index, Organisation, ScopeKinds.Key, "k", TimeZoneInfo.Utc, Start);
        Assert.Equal((2, Start.AddMinutes(5)), (held.Meters.Length, held.ValidUntil));
        var after = ScopeMeters.Of(index, Organisation, ScopeKinds.Key, "k", TimeZoneInfo.Utc, Start.AddMinutes(5));
        Assert.Equal((1, Start.AddMinutes(5), DateTimeOffset.MaxValue), (after.Meters.Length, after.ValidFrom, after.ValidUntil));
        var lasting = ScopeMeters.Of(SpendingIndex.Of([throttle with { Until = null }]), Organisation, ScopeKinds.Key, "k", TimeZoneInfo.Utc, Start.AddYears(1));
        Assert.Equal((1, DateTimeOffset.MaxValue), (lasting.Meters.Length, lasting.ValidUntil));
    }

    [Fact]
    public void Index_KnowsWhoIsLimited_AndTheYoungestBudget()
    {
        var (old, young) = (Budget(1, createdAt: Start), Budget(1, id: "y", createdAt: Start.AddDays(2)));
        var other = Limit(LimitUnits.Requests, 1) with { OrganisationId = Guid.Empty };
        var index = SpendingIndex.Of([old, young, other]);

        Assert.Equal([Guid.Empty, Organisation], index.Limited.Order());
        Assert.Equal(young.EffectiveFrom, index.NewestBudget(Organisation));
        Assert.Null(index.NewestBudget(Guid.Empty));
    }

    [Fact]
    public void With_AnyChanges_EqualsAFullRebuild() => Prop.ForAll(Changes().ToArbitrary(), steps =>
    {
        var truth = new Dictionary<Guid, SpendingRow>();
        var index = SpendingIndex.Empty;
        foreach (var step in steps)
        {
            var changes = new Dictionary<Guid, SpendingRow?>();
            foreach (var (id, row) in step) changes[id] = row;
            foreach (var (id, row) in changes)
            {
                if (row is null) truth.Remove(id);
                else truth[id] = row;
            }
            var before = Describe(index);
            var next = index.With(changes);
            if (Describe(index) != before || Describe(next) != Describe(SpendingIndex.Of(truth.Values)) || next.Count != truth.Count) return false;
            index = next;
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Gen<(Guid Id, SpendingRow? Row)[][]> Changes()
    {
        var change = from id in Gen.Elements(Ids)
                     from kind in Gen.Choose(0, 8)
                     from name in Gen.Elements<string?>("a", "b", "c", null)
                     from amount in Gen.Choose(1, 9)
                     from other in Gen.Elements(Ids)
                     select (id, Row(kind, id, name, amount, other));
        return change.ArrayOf(6).ArrayOf(12);
    }

    private static SpendingRow? Row(int kind, Guid id, string? name, int amount, Guid other) => kind switch
    {
        0 => Limit(LimitUnits.All[amount % 4], amount, id: name) with { Id = id },
        1 => Budget(amount, id: name) with { Id = id, CreatedAt = Start.AddDays(amount) },
        2 => new RaiseRow(id, Organisation, other, name, amount, Start.AddMinutes(amount)),
        3 => new TierRow(id, Organisation, "t" + amount, amount, null, amount),
        // One of each for a scope, as the tables demand: else which one holds would be chance. Its place is its id's.
        4 => new TierAssignmentRow(id, Organisation, ScopeKinds.Key, "of " + id, other),
        5 => new StopRow(id, Organisation, ScopeKinds.Key, "of " + id, "why"),
        7 => new ThrottleRow(id, Organisation, "of " + id, amount, Start.AddMinutes(amount)),
        6 => new ApprovalRow(id, Organisation, other, "fast", true, amount, Start),
        _ => null,
    };

    // Everything that can be asked, in an order of its own.
    private static string Describe(SpendingIndex index)
    {
        var scopes = Names.Append(null).Concat(Ids.Select(id => "of " + id)).Select(name => new
        {
            name, Limits = Text(index, name),
            Budgets = index.RulesOf(Organisation, ScopeKinds.Key, name).Budgets.Select(budget => (budget.Row.Id + " " + budget.Row.CapNanoUsd, budget.IsDefault).ToString()).Order().ToArray(),
            Stop = index.StopOf(Organisation, ScopeKinds.Key, name, Start)?.Id,
        });
        var ids = Ids.Select(id => new
        {
            id, Approval = index.ApprovalOf(Organisation, id)?.CeilingNanoUsd, Raises = index.RaisesOf(id).Order(), Budget = index.BudgetOf(id)?.CapNanoUsd,
            Raised = index.BudgetOf(id) is { } budget ? index.RaisedBy(budget, "a", Start.AddMinutes(3)).ToString() : "",
        });
        return JsonSerializer.Serialize(new { scopes, ids, index.Count, Limited = index.Limited.Order(), Newest = index.NewestBudget(Organisation) });
    }

    private static string Text(SpendingIndex index, string? id, string kind = ScopeKinds.Key) => string.Join(", ", index.RulesOf(Organisation, kind, id).Limits
        .Select(limit => string.Join(' ', new[] { limit.Row.Unit, limit.Row.Amount.ToString(), limit.Row.Period, limit.Tier ?? (limit.IsDefault ? "default" : null) }.Where(word => word is not null)))
        .OrderBy(text => LimitUnits.All.ToList().IndexOf(text.Split(' ')[0])).ThenBy(text => text, StringComparer.Ordinal));

    private static TierRow Tier(string name, long? requests, long? tokens, long? concurrency) => new(Guid.CreateVersion7(), Organisation, name, requests, tokens, concurrency);

    private static TierAssignmentRow Assign(string? id, TierRow tier) => new(Guid.CreateVersion7(), Organisation, ScopeKinds.Key, id, tier.Id);
}
