using AspireGateway.Portal.Audit.Chain;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql;

namespace AspireGateway.Portal.Tests.Migration;

/// <summary>Migrations that rewrite what is stored, on databases that stand just before them.</summary>
public sealed class RewritingMigrationsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task BudgetsOfRules_KeepTheirTeamAsTheScope()
    {
        await using var database = await AtAsync("0014_pins_of_rules");
        await ExecuteAsync(database, """
            insert into organisations (id, slug, name, time_zone, created_at) values ('00000000-0000-0000-0000-0000000000a1', 'old', 'Old', 'UTC', now());
            insert into routing_rules (id, organisation_id, name, position, conditions, action, is_enabled, created_at, created_by) values
                (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 'team', 1, '{"budget": {"scope_kind": "team", "team_id": "00000000-0000-0000-0000-0000000000b1", "above": 0.8}, "tools": true}', '{}', true, now(), 'test'),
                (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 'none', 2, '{"budget": {"scope_kind": "organisation", "above": 0.5}}', '{}', true, now(), 'test'),
                (gen_random_uuid(), '00000000-0000-0000-0000-0000000000a1', 'other', 3, '{"turns_at_least": 4}', '{}', true, now(), 'test');
            """);

        await ApplyAsync(database, id => string.CompareOrdinal(id, "0014_pins_of_rules") > 0);

        Assert.Equal(
            ["""none {"budget": {"above": 0.5, "scope_kind": "organisation"}}""", """other {"turns_at_least": 4}""",
                """team {"tools": true, "budget": {"above": 0.8, "scope_id": "00000000-0000-0000-0000-0000000000b1", "scope_kind": "team"}}"""],
            await TextsAsync(database, "select name || ' ' || conditions from routing_rules order by name"));
    }

    [Fact]
    public async Task TeamsOfAValue_AreTakenFromTheCubes()
    {
        await using var database = await AtAsync("0044_cache_figures");
        const string Figures = "requests, errors, refused, estimated, succeeded, cache_hits, retried, extra_attempts, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_nano_usd, wasted_nano_usd, saved_nano_usd, saved_us";
        // Two teams with two features, models and providers, on two days; and the cube of all teams, which is nobody's.
        await ExecuteAsync(database, $"""
            insert into usage_cubes (organisation_id, day, team_id, feature, agent, model, provider, deployment, route, task, status, cache, {Figures})
            select '00000000-0000-0000-0000-0000000000a1', current_date - n % 2, ('00000000-0000-0000-0000-00000000000' || t)::uuid, 'f' || n % 2, '', case when n % 3 = 0 then '' else 'm' end, 'p' || n % 2, 'd' || n, 'r', '', 'ok', '',
                n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9, n + 10, n + 11, n + 12, n + 13, n + 14, n + 15, n + 16
            from generate_series(1, 12) n, generate_series(0, 2) t
            """);

        await ApplyAsync(database, id => string.CompareOrdinal(id, "0044_cache_figures") > 0);

        var figures = string.Join(", ", Figures.Split(", ").Select(f => $"sum({f})"));
        foreach (var (facet, column) in ((int, string)[])[(4, "feature"), (6, "model"), (7, "provider")])
            Assert.Equal(
                await TextsAsync(database, $"select (team_id, day, {column}, {figures})::text from usage_cubes where team_id <> '00000000-0000-0000-0000-000000000000' group by team_id, day, {column} order by 1"),
                await TextsAsync(database, $"select (team_id, day, value, {figures})::text from usage_days where facet = {facet} group by team_id, day, value order by 1"));
        Assert.NotEmpty(await TextsAsync(database, "select value from usage_days where facet = 6"));
        Assert.Empty(await TextsAsync(database, "select value from usage_days where team_id = '00000000-0000-0000-0000-000000000000'"));
    }

    [Fact]
    public async Task AuditEntries_ThatWereThere_AreChainedInTheirOrder()
    {
        await using var database = await AtAsync("0044_cache_figures");
        await ExecuteAsync(database, """
            insert into audit_entries (id, at, organisation_id, actor, action, target_kind, target_id, before, after, revision, remote_address)
            select gen_random_uuid(), now() - n * interval '1 hour', case n % 3 when 0 then null when 1 then '00000000-0000-0000-0000-0000000000a1'::uuid else '00000000-0000-0000-0000-0000000000a2'::uuid end,
                'ada', 'team.update', 'team', gen_random_uuid(), '{"name": "Old"}', '{"name": "New"}', 100 - n, null
            from generate_series(1, 30) n
            """);

        await ApplyAsync(database, id => string.CompareOrdinal(id, "0044_cache_figures") > 0);

        var verify = new VerifyAudit(database, new SecretBox(PortalHost.MasterKey));
        foreach (var organisation in (Guid?[])[null, new("00000000-0000-0000-0000-0000000000a1"), new("00000000-0000-0000-0000-0000000000a2")])
        {
            var found = await verify.OfAsync(organisation, default);
            Assert.Equal((true, 10), (found.IsIntact, found.Entries));
        }
        Assert.Equal(["true"], await TextsAsync(database, "select distinct (seq = n)::text from (select seq, row_number() over (partition by organisation_id order by revision) as n from audit_entries) a"));
    }

    private async Task<NpgsqlDataSource> AtAsync(string migration)
    {
        var name = $"agw_{Guid.NewGuid():N}";
        var connectionString = await postgres.Server.CreateDatabaseAsync();
        await using (var server = NpgsqlDataSource.Create(connectionString)) await ExecuteAsync(server, $"create database {name}");
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ConnectionString);
        await ApplyAsync(database, id => string.CompareOrdinal(id, migration) <= 0);
        return database;
    }

    // EF's own migrator can only aim at names that begin with a date.
    private static async Task ApplyAsync(NpgsqlDataSource database, Func<string, bool> isWanted)
    {
        await using var context = new GatewayDbContext(new DbContextOptionsBuilder<GatewayDbContext>().UseNpgsql(database.ConnectionString).Options);
        var migrations = context.GetService<IMigrationsAssembly>();
        foreach (var (_, type) in migrations.Migrations.Where(m => isWanted(m.Key)).OrderBy(m => m.Key, StringComparer.Ordinal))
            foreach (var operation in migrations.CreateMigration(type, context.Database.ProviderName!).UpOperations)
                await ExecuteAsync(database, Assert.IsType<SqlOperation>(operation).Sql);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> TextsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync()) texts.Add(reader.GetString(0));
        return texts;
    }
}
