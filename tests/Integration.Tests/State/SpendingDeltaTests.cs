using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;
using Touched = AspireGateway.Integration.Tests.State.ConfigurationWriter.Touched;

namespace AspireGateway.Integration.Tests.State;

/// <summary>A row that limits what is spent is in the next load, and gone with the load after its deletion, by delta each time.</summary>
public sealed class SpendingDeltaTests(StoresFixture stores) : IAsyncLifetime
{
    private readonly SnapshotLoader loader = new(TimeProvider.System);
    private ConfigurationWriter writer = null!;
    private NpgsqlConnection connection = null!;
    private ConfigurationSnapshot current = null!;
    private Guid organisation, team, key;

    public async ValueTask InitializeAsync()
    {
        var connectionString = await stores.Postgres.CreateDatabaseAsync();
        writer = new ConfigurationWriter(connectionString);
        connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        organisation = await writer.AddOrganisationAsync("acme");
        team = await writer.AddTeamAsync(organisation, "research");
        key = await writer.AddKeyAsync(organisation, team, "agw-one");
        current = (await loader.LoadAsync(connection, null, CancellationToken.None)).Snapshot;
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task Limit_ComesChangesAndGoes()
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(ConfigurationKinds.Limit, id, organisation, """
            insert into limits (id, organisation_id, scope_kind, scope_id, unit, amount, period, burst, on_limit, queue_ms, created_at, created_by)
            values ($1, $2, 'user', 'zoë', 'requests', 60, 'minute', 5, 'queue', 700, now(), 'test')
            """, id, organisation);
        Assert.Equal(
            new LimitRow(id, organisation, "user", "zoë", "requests", 60, "minute", 5, "queue", 700, null),
            current.Spending.RulesOf(organisation, ScopeKinds.User, "zoë").Limits.Single().Row);

        // To another scope.
        await WriteAsync(ConfigurationKinds.Limit, id, organisation, "update limits set scope_id = null, amount = 61 where id = $1", id);
        Assert.Equal((61, true), current.Spending.RulesOf(organisation, ScopeKinds.User, "anyone").Limits.Select(limit => (limit.Row.Amount, limit.IsDefault)).Single());

        await WriteAsync(ConfigurationKinds.Limit, id, organisation, "delete from limits where id = $1", id);
        Assert.Equal(0, current.Spending.Count);
        Assert.True(current.Spending.RulesOf(organisation, ScopeKinds.User, "zoë").IsEmpty);
    }

    [Fact]
    public async Task LimitOfTheInstallation_ComesAndGoes()
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(ConfigurationKinds.Limit, id, Guid.Empty, """
            insert into limits (id, organisation_id, scope_kind, unit, amount, on_limit, created_at, created_by)
            values ($1, $2, 'global', 'concurrency', 9, 'reject', now(), 'test')
            """, id, Guid.Empty);
        Assert.Equal(9, current.Spending.RulesOf(Guid.Empty, ScopeKinds.Global, null).Limits.Single().Row.Amount);
        Assert.Contains(Guid.Empty, current.Spending.Limited);

        await WriteAsync(ConfigurationKinds.Limit, id, Guid.Empty, "delete from limits where id = $1", id);
        Assert.Equal(0, current.Spending.Count);
    }

    [Fact]
    public async Task Budget_AndItsRaise_ComeAndGo_TheRaiseWithTheBudgetToo()
    {
        var (id, first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await WriteAsync(ConfigurationKinds.Budget, id, organisation, """
            insert into budgets (id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, thresholds, created_at, created_by)
            values ($1, $2, 'key', $3, 'monthly', 9000000000000000, 'reject', '{50,100}', now(), 'test')
            """, id, organisation, key.ToString());
        var budget = current.Spending.RulesOf(organisation, ScopeKinds.Key, key.ToString()).Budgets.Single().Row;
        Assert.Equal((id, 9_000_000_000_000_000, "monthly"), (budget.Id, budget.CapNanoUsd, budget.Period));
        Assert.Equal([50, 100], budget.Thresholds);

        // Named by the raise's own id, and by its budget's.
        await RaiseAsync(first, id, 5, named: first);
        Assert.Equal(5, Raised());
        await RaiseAsync(second, id, 70, named: id);
        Assert.Equal(75, Raised());
        await WriteAsync(ConfigurationKinds.Budget, first, organisation, "delete from budget_raises where id = $1", first);
        Assert.Equal(70, Raised());
        await WriteAsync(ConfigurationKinds.Budget, id, organisation, "update budget_raises set until = now() where id = $1", second);
        Assert.Equal((0, 1), (Raised(), current.Spending.Count));

        await RaiseAsync(Guid.CreateVersion7(), id, 3, named: id);
        await WriteAsync(ConfigurationKinds.Budget, id, organisation, "delete from budgets where id = $1", id);
        Assert.Equal(0, current.Spending.Count);

        long Raised() => current.Spending.RaisedBy(budget, key.ToString(), TimeProvider.System.GetUtcNow()).NanoUsd;
    }

    [Fact]
    public async Task Tier_AndWhoHasIt_ComeAndGo()
    {
        var (tier, assignment) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await WriteAsync(ConfigurationKinds.Tier, tier, organisation,
            "insert into tiers (id, organisation_id, name, requests_per_minute, concurrency, created_at) values ($1, $2, 'Gold', 300, 7, now())", tier, organisation);
        await WriteAsync(ConfigurationKinds.Tier, assignment, organisation,
            "insert into tier_assignments (id, organisation_id, scope_kind, scope_id, tier_id) values ($1, $2, 'team', $3, $4)", assignment, organisation, team.ToString(), tier);
        Assert.Equal(
            [("requests", 300, "Gold"), ("concurrency", 7, "Gold")],
            current.Spending.RulesOf(organisation, ScopeKinds.Team, team.ToString()).Limits.Select(limit => (limit.Row.Unit, limit.Row.Amount, limit.Tier!)));

        await WriteAsync(ConfigurationKinds.Tier, tier, organisation, "update tiers set requests_per_minute = 301, concurrency = null where id = $1", tier);
        Assert.Equal(301, current.Spending.RulesOf(organisation, ScopeKinds.Team, team.ToString()).Limits.Single().Row.Amount);

        await WriteAsync(ConfigurationKinds.Tier, assignment, organisation, "delete from tier_assignments where id = $1", assignment);
        await WriteAsync(ConfigurationKinds.Tier, tier, organisation, "delete from tiers where id = $1", tier);
        Assert.Equal(0, current.Spending.Count);
    }

    [Fact]
    public async Task Stop_ComesAndGoes()
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(ConfigurationKinds.KillSwitch, id, organisation, """
            insert into kill_switches (id, organisation_id, scope_kind, reason, created_at, created_by) values ($1, $2, 'organisation', 'leaked', now(), 'test')
            """, id, organisation);
        Assert.Equal("leaked", current.Spending.StopOf(organisation, ScopeKinds.Organisation, null, DateTimeOffset.UtcNow)?.Reason);

        await WriteAsync(ConfigurationKinds.KillSwitch, id, organisation, "delete from kill_switches where id = $1", id);
        Assert.Null(current.Spending.StopOf(organisation, ScopeKinds.Organisation, null, DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task Approval_IsThereWhileItIsGranted()
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(ConfigurationKinds.Approval, id, organisation, """
            insert into approvals (id, organisation_id, team_id, key_id, record_id, model, expected_nano_usd, worst_case_nano_usd, threshold_nano_usd, requested_at)
            values ($1, $2, $3, $4, $1, 'fast', 1, 2, 1, now())
            """, id, organisation, team, key);
        Assert.Null(current.Spending.ApprovalOf(organisation, id));

        await WriteAsync(ConfigurationKinds.Approval, id, organisation,
            "update approvals set status = 'granted', ceiling_nano_usd = 77, valid_until = now() + interval '1 hour', once = false where id = $1", id);
        var granted = current.Spending.ApprovalOf(organisation, id)!;
        Assert.Equal((key, "fast", false, 77), (granted.KeyId, granted.Model, granted.Once, granted.CeilingNanoUsd));

        await WriteAsync(ConfigurationKinds.Approval, id, organisation, "update approvals set status = 'denied' where id = $1", id);
        Assert.Null(current.Spending.ApprovalOf(organisation, id));
    }

    private Task RaiseAsync(Guid id, Guid budget, long amount, Guid named) => WriteAsync(ConfigurationKinds.Budget, named, organisation, """
        insert into budget_raises (id, organisation_id, budget_id, amount_nano_usd, until, reason, created_at, created_by)
        values ($1, $2, $3, $4, now() + interval '1 hour', 'fair', now(), 'test')
        """, id, organisation, budget, amount);

    // Writes, loads by delta, and compares with what a full load gives.
    private async Task WriteAsync(string kind, Guid id, Guid owner, string sql, params object?[] arguments)
    {
        await writer.WriteAsync([new Touched(kind, id, owner)], sql, arguments);
        var load = await loader.LoadAsync(connection, current, CancellationToken.None);
        Assert.Equal(SnapshotLoadKind.Delta, load.Kind);
        current = load.Snapshot;
        var full = (await loader.LoadAsync(connection, null, CancellationToken.None)).Snapshot;
        Assert.Equal(Text(full), Text(current));
    }

    private static string Text(ConfigurationSnapshot snapshot) =>
        System.Text.Json.JsonSerializer.Serialize<IReadOnlyList<SpendingRow>>([.. snapshot.Spending.All.OrderBy(row => row.Id)], SpendingJson.Default.IReadOnlyListSpendingRow);
}
