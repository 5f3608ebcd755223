using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Partitions;
using AspireGateway.Portal.Retention;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Portal.Tests.Retention;

/// <summary>Single requests go when nobody keeps them; sums stay, and nobody else's go along.</summary>
public sealed class RetentionTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly DateTimeOffset now = PortalHost.Now();

    [Fact]
    public async Task Sweep_OfOneOrganisation_DeletesItsOldRecordsInBatchesAndKeepsTheSums()
    {
        var (mine, theirs) = (await RollUpWorld.StartAsync(portal, new Random(1)), await RollUpWorld.StartAsync(portal, new Random(2)));
        foreach (var world in (RollUpWorld[])[mine, theirs])
        {
            await world.AddAsync([.. Enumerable.Range(0, 37).Select(i => world.Record(now.AddDays(-50).AddMinutes(i))), .. Enumerable.Range(0, 5).Select(i => world.Record(now.AddDays(-30).AddMinutes(i)))]);
            await portal.ExecuteAsync($"insert into journeys select id, at, organisation_id, '{{}}' from usage_records where organisation_id = '{world.Organisation}'");
        }
        await SetAsync(mine, new() { UsageDays = 45, JourneyDays = 20 });
        var sweep = new RetentionSweep(portal.Get<NpgsqlDataSource>(), TimeProvider.System) { BatchRows = 10 };

        // What no roll-up holds yet waits; journeys are in no sum.
        Assert.Equal((0L, 42L), await sweep.RunAsync(default));
        await mine.RollAsync();
        await AssertSumsAsync(mine, 42);
        // Somebody else is at it.
        await using (var other = await portal.Get<NpgsqlDataSource>().OpenConnectionAsync())
        {
            await using var take = new NpgsqlCommand($"select pg_advisory_lock({DayPartitions.LockKey})", other);
            await take.ExecuteNonQueryAsync();
            Assert.Equal((0L, 0L), await sweep.RunAsync(default));
            await using var release = new NpgsqlCommand($"select pg_advisory_unlock({DayPartitions.LockKey})", other);
            await release.ExecuteNonQueryAsync();
        }
        // Killed after the first batch: what is left goes the next time.
        await portal.ExecuteAsync($"""
            create table sweeps (n integer); insert into sweeps values (0);
            create function stop_sweep() returns trigger language plpgsql as $$ begin
                update sweeps set n = n + 1; if (select n from sweeps) > 15 then raise exception 'killed'; end if; return old; end $$;
            create trigger killed before delete on usage_records for each row execute function stop_sweep();
            """);
        await Assert.ThrowsAsync<PostgresException>(() => sweep.RunAsync(default));
        await portal.ExecuteAsync("drop trigger killed on usage_records; drop function stop_sweep(); drop table sweeps");
        Assert.Equal(32L, await CountAsync(mine));
        Assert.Equal((27L, 0L), await sweep.RunAsync(default));
        Assert.Equal((0L, 0L), await sweep.RunAsync(default));
        Assert.Equal((5L, 42L), (await CountAsync(mine), await CountAsync(theirs)));
        await AssertSumsAsync(mine, 42);
        Assert.Equal(42L, await portal.ScalarAsync<long>($"select count(*) from journeys where organisation_id = '{theirs.Organisation}'"));

        // Another zone cuts other days: those of which records are gone stay as they were cut.
        await portal.ExecuteAsync($"update organisations set time_zone = 'America/New_York' where id = '{mine.Organisation}'");
        await mine.RollAsync();
        await AssertSumsAsync(mine, 42);
    }

    [Fact]
    public async Task Partition_IsDroppedOnlyWhenAllAgree()
    {
        var day = new DateTimeOffset(2031, 6, 15, 12, 0, 0, TimeSpan.Zero);
        var (database, options) = (portal.Get<NpgsqlDataSource>(), new PartitionOptions { UsageDays = 40, JourneyDays = 2 });
        // What all organisations keep together decides: those of the other tests are over.
        await portal.ExecuteAsync("delete from retention; delete from budgets");
        var world = await RollUpWorld.StartAsync(portal, new Random(3));
        await DayPartitions.KeepAsync(database, options, day, default);
        await SetAsync(world, new() { UsageDays = 90, JourneyDays = 30 });
        await DayPartitions.KeepAsync(database, options, day.AddDays(60), default);
        Assert.Equal("20310614", await FirstAsync("usage_records"));
        Assert.Equal("20310813", await FirstAsync("journeys"));

        // A budget without a period counts all there ever was.
        await portal.ExecuteAsync($"update retention set usage_days = 41, journey_days = 1 where organisation_id = '{world.Organisation}'");
        await AddTotalBudgetAsync(world, day);
        await DayPartitions.KeepAsync(database, options, day.AddDays(60), default);
        Assert.Equal("20310615", await FirstAsync("usage_records"));

        // A record that no roll-up holds keeps its day.
        await portal.ExecuteAsync($"delete from budgets where organisation_id = '{world.Organisation}'");
        await world.AddAsync(world.Record(day.AddDays(1)));
        await DayPartitions.KeepAsync(database, options, day.AddDays(60), default);
        Assert.Equal("20310616", await FirstAsync("usage_records"));
        await world.RollAsync();
        await DayPartitions.KeepAsync(database, options, day.AddDays(60), default);
        Assert.NotEqual("20310616", await FirstAsync("usage_records"));
    }

    [Fact]
    public async Task Set_ToLessThanBudgetsNeed_IsRefused()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(4));
        Assert.Equal("usage_days", await RefusedAsync(new() { UsageDays = 39 }));
        Assert.Equal("usage_days", await RefusedAsync(new() { UsageDays = 3661 }));
        Assert.Equal("journey_days", await RefusedAsync(new() { JourneyDays = 0 }));
        await SetAsync(world, new() { UsageDays = 40, JourneyDays = 1 });
        await AddTotalBudgetAsync(world, now.AddDays(-100));
        Assert.Equal("usage_days", await RefusedAsync(new() { UsageDays = 99 }));
        await SetAsync(world, new() { UsageDays = 101 });
        var told = (await portal.Get<RetentionQuery>().RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, world.Organisation), default)).Value;
        Assert.Equal((101, (int?)null, 400, 30), (told.UsageDays, told.JourneyDays, told.InstallationUsageDays, told.InstallationJourneyDays));
        Assert.Equal(DateOnly.FromDateTime(now.AddDays(-100).UtcDateTime), told.NeededSince);
        Assert.Equal(2L, await portal.ScalarAsync<long>($"select count(*) from audit_entries where organisation_id = '{world.Organisation}' and action = 'retention.update'"));

        async Task<string> RefusedAsync(RetentionSettings settings) => Assert.Single(Assert.IsType<Failure.Invalid>(
            (await portal.Get<SetRetention>().RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, world.Organisation), settings, default)).Failure).Faults).Field;
    }

    private async Task SetAsync(RollUpWorld world, RetentionSettings settings)
    {
        var result = await portal.Get<SetRetention>().RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, world.Organisation), settings, default);
        Assert.True(result.Succeeded, result.Failure?.Message);
    }

    private async Task AddTotalBudgetAsync(RollUpWorld world, DateTimeOffset at)
    {
        await using var db = portal.Db();
        db.Add(new Budget
        {
            Id = PortalHost.NewId(), OrganisationId = world.Organisation, ScopeKind = ScopeKinds.Team, ScopeId = world.Teams[0].ToString(), Period = BudgetPeriods.Total, CapNanoUsd = 1, CreatedAt = at, CreatedBy = "t",
        });
        await db.SaveChangesAsync();
    }

    private async Task AssertSumsAsync(RollUpWorld world, long requests) =>
        Assert.Equal(requests, await portal.ScalarAsync<long>($"select sum(requests)::bigint from usage_days where facet = 0 and organisation_id = '{world.Organisation}'"));

    private Task<long> CountAsync(RollUpWorld world) => portal.ScalarAsync<long>($"select count(*) from usage_records where organisation_id = '{world.Organisation}'");

    private Task<string> FirstAsync(string table) => portal.ScalarAsync<string>($"""
        select coalesce(min(right(c.relname, 8)), '') from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = '{table}'::regclass and right(c.relname, 8) between '20310101' and '20311231'
        """);
}
