using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Tests.RollUps;

/// <summary>Roll-ups and the records they are made of never say different things, whatever happens on the way.</summary>
public sealed class RollUpTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly (string GroupBy, string Sql)[] Groups =
    [
        ("team", "u.team_id::text"), ("key", "u.key_id::text"), ("user", "u.user_id"), ("feature", "u.feature"), ("agent", "u.agent"), ("model", "u.model"), ("provider", "u.provider"),
        ("deployment", "u.deployment"), ("route", "u.route"), ("task", "u.task"), ("status", "u.status"), ("cache", "u.cache_hit"), ("arm", "u.tags ->> 'gateway.arm'"), ("tag:stage", "u.tags ->> 'stage'"),
    ];

    private readonly DateTimeOffset now = PortalHost.Now();

    [Theory]
    [InlineData(1, "UTC")]
    [InlineData(2, "America/New_York")]
    [InlineData(3, "Asia/Kathmandu")]
    public async Task RandomRecords_LateOnesAndCorrections_AddUpToTheNanoAtEveryMoment(int seed, string zone)
    {
        var random = new Random(seed);
        var world = await RollUpWorld.StartAsync(portal, random, zone);
        var added = new List<UsageRecord>();
        for (var step = 0; step < 14; step++)
        {
            switch (random.Next(5))
            {
                case 0 when added.Count > 0:
                    for (var i = random.Next(1, 12); i > 0; i--) await world.CorrectAsync(added[random.Next(added.Count)]);
                    break;
                case 1: await world.Batch(random.Next(1, 40)).RunAsync(default); break;
                case 2: await world.RollAsync(random.Next(1, 40)); break;
                default:
                    // Of the last four days in no order: most come late.
                    var records = Enumerable.Range(0, random.Next(5, 40)).Select(_ => world.Record(now.AddMinutes(-random.Next(4 * 24 * 60)))).ToArray();
                    await world.AddAsync(records);
                    added.AddRange(records);
                    break;
            }
            await AssertAllAsync(world, zone, now.AddDays(-4.3), now.AddMinutes(1), step == 13 ? Groups : [Groups[random.Next(Groups.Length)], Groups[random.Next(Groups.Length)]]);
        }
        await AssertOfValuesAsync(world, now.AddDays(-4.3), now.AddMinutes(1));
        await world.RollAsync();
        await AssertAllAsync(world, zone, now.AddDays(-4.3), now.AddMinutes(1), Groups);
        await AssertOfValuesAsync(world, now.AddDays(-4.3), now.AddMinutes(1));
        Assert.True((await world.AskAsync(new() { From = now.AddDays(-1) })).CompleteTo >= now.AddMinutes(-10));

        // By themselves, without anything from records: days add up to all that was ever written.
        var rolled = await SumAsync(world, "select sum(cost_nano_usd)::bigint from usage_days where facet = 0 and organisation_id = ");
        Assert.Equal(await SumAsync(world, "select sum(cost_nano_usd)::bigint from usage_records where organisation_id = "), rolled);
        Assert.Equal(rolled, await SumAsync(world, "select sum(cost_nano_usd)::bigint from usage_cubes where team_id <> '00000000-0000-0000-0000-000000000000' and organisation_id = "));
        foreach (var facet in (int[])[4, 6, 7])
            Assert.Equal(rolled, await SumAsync(world, $"select sum(cost_nano_usd)::bigint from usage_days where facet = {facet} and team_id <> '00000000-0000-0000-0000-000000000000' and organisation_id = "));
        Assert.Equal(rolled, await SumAsync(world, "select sum(cost_nano_usd)::bigint from usage_cubes where team_id = '00000000-0000-0000-0000-000000000000' and organisation_id = "));
        Assert.Equal(rolled, await SumAsync(world, "select sum(cost_nano_usd)::bigint from usage_hours where facet = 0 and organisation_id = "));
        Assert.Equal(0L, await SumAsync(world, "select count(*) from usage_corrections where organisation_id = "));
    }

    [Fact]
    public async Task Filters_OfEachKindAndTheirPairs_AddUpAsTheRecordsDo()
    {
        var random = new Random(11);
        var world = await RollUpWorld.StartAsync(portal, random);
        var records = Enumerable.Range(0, 300).Select(_ => world.Record(now.AddMinutes(-random.Next(4 * 24 * 60)))).ToArray();
        await world.AddAsync(records[..250]);
        await world.RollAsync();
        await world.AddAsync(records[250..]);
        for (var i = 0; i < 20; i++) await world.CorrectAsync(records[i * 5]);
        var (from, to) = (now.AddDays(-4.2), now.AddMinutes(1));
        var (team, key) = (world.Teams[0], world.Keys[1].Id);
        (UsageFilter Filter, string Sql)[] filters =
        [
            (new() { TeamId = team }, $"team_id = '{team}'"), (new() { KeyId = key }, $"key_id = '{key}'"), (new() { Model = "model-1" }, "model = 'model-1'"), (new() { Provider = "provider-0" }, "provider = 'provider-0'"),
            (new() { Feature = "feature-2" }, "feature = 'feature-2'"), (new() { TeamId = team, Model = "model-1" }, $"team_id = '{team}' and model = 'model-1'"),
            (new() { Feature = "feature-1", Provider = "provider-1" }, "feature = 'feature-1' and provider = 'provider-1'"), (new() { KeyId = key, Model = "model-2" }, $"key_id = '{key}' and model = 'model-2'"),
        ];
        foreach (var (filter, sql) in filters)
            foreach (var (group, column) in Groups)
                RollUpWorld.AssertSame(await world.ByRecordsAsync(column, from, to, sql), await world.AskAsync(filter with { From = from, To = to, GroupBy = group }));
        // A lead sees the own teams, whatever is asked for.
        foreach (var (group, column) in Groups)
            RollUpWorld.AssertSame(
                await world.ByRecordsAsync(column, from, to, $"team_id in ('{world.Teams[0]}', '{world.Teams[1]}')"),
                await world.AskAsync(new() { From = from, To = to, GroupBy = group }, Roles.TeamLead, world.Teams[0], world.Teams[1]));
        Assert.Empty((await world.AskAsync(new() { From = from, To = to, TeamId = world.Teams[2] }, Roles.TeamLead, world.Teams[0])).Rows);
        // A request of two tags stands under both; the total counts it once.
        var tags = await world.AskAsync(new() { From = from, To = to, GroupBy = "tag" });
        Assert.True(tags.Rows.Sum(r => r.Sums.Requests) > tags.Total.Requests);
        Assert.Equal(300, tags.Total.Requests);
        Assert.Contains(tags.Rows, r => r.Group == "long=(long)");
    }

    [Fact]
    public async Task Batch_KilledOnTheWay_WasNeverThere()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(5));
        await world.AddAsync([.. Enumerable.Range(0, 120).Select(i => world.Record(now.AddMinutes(-i)))]);
        // Fails after the sums were written: nothing of the batch may stay.
        await portal.ExecuteAsync("alter table usage_latency_days add constraint killed check (bin < 0) not valid");
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<PostgresException>(() => world.RollAsync());
            await AssertAllAsync(world, "UTC", now.AddDays(-2), now.AddMinutes(1), Groups);
        }
        Assert.Equal(0L, await SumAsync(world, "select count(*) from usage_days where organisation_id = "));
        await portal.ExecuteAsync("alter table usage_latency_days drop constraint killed");
        await world.RollAsync();
        await world.RollAsync();
        Assert.Equal(120L, await SumAsync(world, "select sum(requests)::bigint from usage_days where facet = 0 and organisation_id = "));
    }

    [Fact]
    public async Task Portals_ManyAtOnceWhileRecordsCome_CountEachOnce()
    {
        var random = new Random(6);
        var world = await RollUpWorld.StartAsync(portal, random);
        using var stop = new CancellationTokenSource();
        var locked = new Lock();
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var batch = world.Batch(20);
            while (!stop.IsCancellationRequested) await batch.RunAsync(CancellationToken.None);
        })).ToArray();
        var writers = Enumerable.Range(0, 3).Select(async w =>
        {
            var own = new Random(w);
            for (var i = 0; i < 15; i++)
            {
                UsageRecord[] records;
                lock (locked) records = [.. Enumerable.Range(0, 10).Select(_ => world.Record(now.AddMinutes(-own.Next(600))))];
                await world.AddAsync(records);
                if (i % 3 == 0) await world.CorrectAsync(records[0]);
            }
        }).ToArray();
        await Task.WhenAll(writers);
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        await world.RollAsync();
        Assert.Equal(450L, await SumAsync(world, "select sum(requests)::bigint from usage_days where facet = 0 and organisation_id = "));
        Assert.Equal(
            await SumAsync(world, "select sum(cost_nano_usd)::bigint from usage_records where organisation_id = "),
            await SumAsync(world, "select sum(cost_nano_usd)::bigint from usage_days where facet = 0 and organisation_id = "));
    }

    [Fact]
    public async Task Record_OfATransactionThatEndsLate_IsNotPassedOver()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(7));
        var (first, second) = (world.Record(now.AddMinutes(-5)), world.Record(now.AddMinutes(-4)));
        await using var slow = new GatewayDbContext(new DbContextOptionsBuilder<GatewayDbContext>().UseNpgsql(portal.ConnectionString).Options);
        await using var open = await slow.Database.BeginTransactionAsync();
        slow.UsageRecords.Add(first);
        await slow.SaveChangesAsync();
        await world.AddAsync(second);
        // The second is committed and the first is not: the roll-ups must wait for it, the sums must not.
        await world.Batch().RunAsync(CancellationToken.None);
        Assert.Equal(second.CostNanoUsd, (await world.AskAsync(new() { From = now.AddDays(-1) })).Total.CostNanoUsd);
        await open.CommitAsync();
        await world.RollAsync();
        Assert.Equal(first.CostNanoUsd + second.CostNanoUsd, (await world.AskAsync(new() { From = now.AddDays(-1) })).Total.CostNanoUsd);
        Assert.Equal(2L, await SumAsync(world, "select sum(requests)::bigint from usage_days where facet = 0 and organisation_id = "));
    }

    [Fact]
    public async Task Zone_Changed_CutsAllDaysAnew()
    {
        var random = new Random(8);
        var world = await RollUpWorld.StartAsync(portal, random);
        await world.AddAsync([.. Enumerable.Range(0, 200).Select(_ => world.Record(now.AddMinutes(-random.Next(4 * 24 * 60))))]);
        await world.RollAsync();
        await portal.ExecuteAsync($"update organisations set time_zone = 'Pacific/Auckland' where id = '{world.Organisation}'");
        // Before the worker saw it, and after.
        await AssertAllAsync(world, "Pacific/Auckland", now.AddDays(-5), now.AddMinutes(1), Groups);
        await world.RollAsync();
        await AssertAllAsync(world, "Pacific/Auckland", now.AddDays(-5), now.AddMinutes(1), Groups);
        Assert.Equal(200L, await SumAsync(world, "select sum(requests)::bigint from usage_days where facet = 0 and organisation_id = "));
    }

    [Fact]
    public async Task Database_OutOfADumpOfAnotherCluster_GoesOnWithoutLossOrDoubles()
    {
        var random = new Random(9);
        var world = await RollUpWorld.StartAsync(portal, random);
        var records = Enumerable.Range(0, 60).Select(_ => world.Record(now.AddMinutes(-random.Next(2000)))).ToArray();
        await world.AddAsync(records[..40]);
        await world.RollAsync();
        await world.AddAsync(records[40..]);
        // As restored: numbers far ahead of this cluster's, some of them rolled up and some not.
        await portal.ExecuteAsync("""
            alter table usage_records disable trigger user;
            update usage_records set tx = (tx::text::bigint + 1000000000)::text::xid8;
            alter table usage_records enable trigger user;
            update usage_rollups set cluster = 1, done = (done::text::bigint + 1000000000)::text::xid8;
            """);
        await AssertAllAsync(world, "UTC", now.AddDays(-2), now.AddMinutes(1), Groups);
        await world.RollAsync();
        await world.AddAsync(world.Record(now.AddMinutes(-3)));
        await world.CorrectAsync(records[0]);
        await world.RollAsync();
        await AssertAllAsync(world, "UTC", now.AddDays(-2), now.AddMinutes(1), Groups);
        Assert.Equal(61L, await SumAsync(world, "select sum(requests)::bigint from usage_days where facet = 0 and organisation_id = "));
    }

    [Fact]
    public async Task Percentiles_OfRolledUpHours_AreTrueWithinTwoPercent()
    {
        var random = new Random(10);
        var world = await RollUpWorld.StartAsync(portal, random);
        var records = Enumerable.Range(0, 1500).Select(_ => world.Record(now.AddMinutes(-random.Next(20 * 60)))).ToArray();
        await world.AddAsync(records);
        foreach (var isRolled in new[] { false, true })
        {
            if (isRolled) await world.RollAsync(400);
            var overview = (await portal.Get<OverviewQuery>().RunAsync(PortalHost.Actor(Roles.Operator, world.Organisation), default)).Value;
            Near(records.Where(r => r.Status == UsageStatuses.Ok).Select(r => r.LatencyUs), overview.Latency);
            Near(records.Where(r => r.Status == UsageStatuses.Ok && r.TtftUs is not null).Select(r => r.TtftUs!.Value), overview.Ttft);
            foreach (var hour in overview.Hours)
                Near(records.Where(r => r.Status == UsageStatuses.Ok && r.At >= hour.Start && r.At < hour.Start.AddHours(1)).Select(r => r.LatencyUs), hour.Latency);
            Assert.Equal(records.Sum(r => r.CostNanoUsd), overview.Now.CostNanoUsd);
            Assert.Equal(overview.Now.CostNanoUsd, overview.Hours.Sum(h => h.Totals.CostNanoUsd));
        }
    }

    private static void Near(IEnumerable<long> values, Percentiles? found)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            Assert.Null(found);
            return;
        }
        long Exact(double fraction) => sorted[(int)Math.Ceiling(fraction * sorted.Length) - 1];
        foreach (var (exact, near) in new[] { (Exact(0.5), found!.P50), (Exact(0.95), found.P95), (Exact(0.99), found.P99) }) Assert.InRange(near, exact * 0.98, exact * 1.02);
    }

    private static async Task AssertAllAsync(RollUpWorld world, string zone, DateTimeOffset from, DateTimeOffset to, IEnumerable<(string GroupBy, string Sql)> groups)
    {
        foreach (var (group, sql) in groups.Append(("day", $"to_char(u.at at time zone '{zone}', 'YYYY-MM-DD')")))
            RollUpWorld.AssertSame(await world.ByRecordsAsync(sql, from, to), await world.AskAsync(new() { From = from, To = to, GroupBy = group }));
    }

    /// <summary>Teams of one value, values of one team, and both together; '' = requests without one.</summary>
    private async Task AssertOfValuesAsync(RollUpWorld world, DateTimeOffset from, DateTimeOffset to)
    {
        await using var look = await portal.Get<UsageReader>().OpenAsync(world.Organisation, default);
        var scope = Scope.Of(PortalHost.Actor(Roles.FinOps, world.Organisation), Permission.SeeCosts).Value;
        foreach (var (name, value) in ((string, string)[])[("feature", "feature-1"), ("model", "model-2"), ("provider", "provider-0"), ("model", ""), ("agent", "agent-1")])
        {
            var (facet, team) = (Facet.Of(name)!, world.Teams[1]);
            var question = new UsageQuestion { Scope = scope, From = from, To = to, Group = Facet.Team, Filters = [(facet, value)] };
            await AssertAsync(question, "u.team_id::text", $"coalesce(u.{name}, '') = '{value}'");
            await AssertAsync(question with { Group = facet, Filters = [(Facet.Team, team.ToString())] }, $"u.{name}", $"u.team_id = '{team}'");
            await AssertAsync(question with { Group = Facet.Team, Filters = [(facet, value), (Facet.Team, team.ToString())] }, "u.team_id::text", $"coalesce(u.{name}, '') = '{value}' and u.team_id = '{team}'");
            await AssertAsync(question with { Groups = [team.ToString(), "no-id"] }, "u.team_id::text", $"coalesce(u.{name}, '') = '{value}' and u.team_id = '{team}'");
            var total = await look.TotalAsync(question with { Filters = [(facet, value), (Facet.Team, team.ToString())] }, default);
            Assert.Equal((await world.ByRecordsAsync("''", from, to, $"coalesce(u.{name}, '') = '{value}' and u.team_id = '{team}'")).Sum(r => r.Value.Cost), total.CostNanoUsd);
        }

        async Task AssertAsync(UsageQuestion question, string group, string more)
        {
            Assert.True(look.IsRolledUp(question));
            var told = (await look.GroupsAsync(question, 1000, default)).ToDictionary(r => r.Group, r => (r.Sums.Requests, r.Sums.CostNanoUsd, r.Sums.Tokens), StringComparer.Ordinal);
            Assert.Equal((await world.ByRecordsAsync(group, from, to, more)).OrderBy(r => r.Key, StringComparer.Ordinal), told.OrderBy(r => r.Key, StringComparer.Ordinal));
        }
    }

    private async Task<long> SumAsync(RollUpWorld world, string sql) => Convert.ToInt64(await portal.ScalarAsync<object>($"{sql} '{world.Organisation}'"), System.Globalization.CultureInfo.InvariantCulture);
}
