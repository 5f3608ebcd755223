using AspireGateway.Portal.Partitions;
using AspireGateway.Portal.Tests.Host;
using Npgsql;

namespace AspireGateway.Portal.Tests.Partitions;

public sealed class DayPartitionsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly DateTimeOffset s_day = new(2030, 6, 15, 23, 59, 0, TimeSpan.Zero);

    [Fact]
    public async Task Keep_OverTime_MakesWhatComesAndDropsWhatIsOver()
    {
        var database = portal.Get<NpgsqlDataSource>();
        var options = new PartitionOptions { UsageDays = 40, JourneyDays = 2 };
        var (made, _) = (await DayPartitions.KeepAsync(database, options, s_day, default))!.Value;
        // Five days of usage, of journeys and of kept texts, whose own retention drops them.
        Assert.Equal(15, made);
        Assert.Equal((0, 0), (await DayPartitions.KeepAsync(database, options, s_day, default))!.Value);
        Assert.Equal("20300614 20300615 20300616 20300617 20300618", await DaysAsync("usage_records"));

        // Four days on: journeys of more than two whole days ago go, usage stays.
        var (later, dropped) = (await DayPartitions.KeepAsync(database, options, s_day.AddDays(4), default))!.Value;
        Assert.Equal((12, 3), (later, dropped));
        Assert.Equal("20300617 20300618 20300619 20300620 20300621 20300622", await DaysAsync("journeys"));
        await DayPartitions.KeepAsync(database, options, s_day.AddDays(42), default);
        Assert.StartsWith("20300617", await DaysAsync("usage_records"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_WhileAnotherProcessKeeps_DoesNothing()
    {
        var database = portal.Get<NpgsqlDataSource>();
        await using var other = await database.OpenConnectionAsync();
        await using (var take = new NpgsqlCommand($"select pg_advisory_lock({DayPartitions.LockKey})", other)) await take.ExecuteNonQueryAsync();
        Assert.Null(await DayPartitions.KeepAsync(database, new(), s_day.AddYears(1), default));
        await using (var release = new NpgsqlCommand($"select pg_advisory_unlock({DayPartitions.LockKey})", other)) await release.ExecuteNonQueryAsync();
        Assert.NotNull(await DayPartitions.KeepAsync(database, new(), s_day.AddYears(1), default));
    }

    // Days from 2030 on: the portal itself keeps those around today.
    private Task<string> DaysAsync(string table) => portal.ScalarAsync<string>($"""
        select string_agg(right(c.relname, 8), ' ' order by c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = '{table}'::regclass and right(c.relname, 8) between '20300101' and '20301231'
        """);
}
