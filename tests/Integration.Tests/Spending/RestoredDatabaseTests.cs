using System.Globalization;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>The books rewritten by a re-pricing, then lost and brought back with the scripts that operators run: the ledger follows to the nano-USD.</summary>
public sealed class RestoredDatabaseTests(StoresFixture stores, ITestOutputHelper output)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Books_RewrittenThenRestoredWithAnEmptyRedis_AreWhatTheLedgerCounts()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await SpendingCallers.PriceAsync(world);
        var team = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, 9_000_000_000_000);
        var wide = await world.BudgetAsync(ScopeKinds.Global, null, BudgetPeriods.Monthly, 9_000_000_000_000);
        var fleet = await GatewayFleet.StartAsync(world, 2);
        var callers = new SpendingCallers(world, fleet, seed: 9);
        await callers.SendAllAsync(40);
        await BothAsync();

        // As the last batch of a re-pricing does, while others go on calling.
        var settled = DateTimeOffset.UtcNow;
        using (var stop = new CancellationTokenSource())
        {
            var calling = callers.CallAsync(4, stop.Token);
            await world.World.Configuration.ExecuteAsync($"update usage_records set cost_nano_usd = cost_nano_usd * 3 + 1 where at < '{settled:O}' and cost_nano_usd > 0");
            await world.ChangeOrganisationAsync("books_rewritten = nextval('books_rewritten')");
            await world.AppliedAsync(fleet[0], fleet[1]);
            await stop.CancelAsync();
            await calling;
        }
        await BothAsync();
        var recorded = await world.RecordedAsync();

        // Backed up, lost, brought back; Redis begins with nothing.
        var folder = Directory.CreateTempSubdirectory("gateway-backup-");
        try
        {
            var (database, url) = (new NpgsqlConnectionStringBuilder(world.World.Database), UrlOf(world.World.Database));
            await RunAsync("backup.sh", url, folder.FullName);
            for (var i = 0; i < fleet.Count; i++) await fleet[i].KillAsync();
            NpgsqlConnection.ClearAllPools();
            await using (var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(world.World.Database) { Database = "postgres", Pooling = false }.ConnectionString))
            {
                await admin.OpenAsync();
                foreach (var sql in (string[])[$"drop database {database.Database} with (force)", $"create database {database.Database}"])
                {
                    await using var command = new NpgsqlCommand(sql, admin);
                    await command.ExecuteNonQueryAsync();
                }
            }
            await RunAsync("restore.sh", url, folder.GetFiles("*.dump").Single().FullName);
            // What is there is never overwritten.
            await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("restore.sh", url, folder.GetFiles("*.dump").Single().FullName));
            await world.CommandAsync("FLUSHALL");

            Assert.Equal(recorded, await RecordedAsync(world));
            // Another machine: without the journals of before.
            await using var gateway = await world.StartGatewayAsync("restored", SpendingWorld.Patient, SpendingWorld.ShortlyAwaited);
            await world.OpenedAsync();
            await BothAsync();
            Assert.Equal((recorded, 0L), await world.ReadAsync(team));
            using var answer = await gateway.ChatAsync(world.World.Key, """{"model":"small","max_tokens":50,"messages":[{"role":"user","content":"Again."}]}""");
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            await Eventually.HoldsAsync(async () => await world.RecordedAsync() > recorded, Within, "the request is recorded");
            await BothAsync();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{callers.Outcomes.Count} requests, {recorded} nano-USD before and after"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task BothAsync()
        {
            await world.SettledAsync(team, Within);
            await world.SettledAsync(wide, Within, isWide: true);
        }
    }

    // The connection of before was lost with its database.
    private static async Task<long> RecordedAsync(SpendingWorld world)
    {
        try
        {
            return await world.RecordedAsync();
        }
        catch (NpgsqlException)
        {
            return await world.RecordedAsync();
        }
    }

    private static string UrlOf(string connectionString)
    {
        var c = new NpgsqlConnectionStringBuilder(connectionString);
        return string.Create(CultureInfo.InvariantCulture, $"postgresql://{Uri.EscapeDataString(c.Username ?? "postgres")}{(c.Password is { Length: > 0 } password ? ":" + Uri.EscapeDataString(password) : "")}@{c.Host}:{c.Port}/{c.Database}");
    }

    private static Task RunAsync(string script, string url, string argument) =>
        ChildProcess.RunAsync("env", [$"DATABASE_URL={url}", $"PG_BIN={Path.GetDirectoryName(ServerFolder.Find("pg_dump"))}", Path.Combine(Builds.Root, "docs", "operations", "backup", script), argument]);
}
