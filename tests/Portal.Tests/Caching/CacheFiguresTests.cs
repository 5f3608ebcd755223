using AspireGateway.Portal.Caching.Figures;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.Caching;

/// <summary>What the cache did, against the records themselves.</summary>
public sealed class CacheFiguresTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData("24h")]
    [InlineData("7d")]
    [InlineData("30d")]
    public async Task Figures_OfATime_EqualTheRecords_PartlyRolledUpAndCorrected(string range)
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(range.Length), "Europe/Berlin");
        var now = PortalHost.Now();
        var records = Enumerable.Range(0, 240).Select(i => world.Record(now.AddHours(-i * 3.5))).Concat(Enumerable.Range(0, 60).Select(i => world.Record(now.AddMinutes(-i * 23)))).ToArray();
        await world.AddAsync(records);
        await world.RollAsync();
        foreach (var record in records.Take(20)) await world.CorrectAsync(record);
        await world.AddAsync([.. Enumerable.Range(0, 20).Select(i => world.Record(now.AddMinutes(-i * 31)))]);

        var report = (await portal.Get<CacheFiguresQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), range, default)).Value;

        var (from, to) = (report.Steps[0].At, PortalHost.Now().AddDays(1));
        var all = Assert.Single(await ByRecordsAsync(world, "''", from, to)).Value;
        Assert.NotEqual(0, all.Hits);
        var similar = (await ByRecordsAsync(world, "coalesce(cache_hit, '')", from, to)).GetValueOrDefault("semantic").Hits;
        Assert.Equal(similar, report.Similar);
        Assert.Equal(all, (report.Total.Requests, report.Total.CacheHits, report.Total.SavedNanoUsd, report.Total.SavedUs));
        await using var prefixes = portal.Get<NpgsqlDataSource>().CreateCommand("select coalesce(sum(prefix_saved_nano_usd), 0)::bigint from usage_records where organisation_id = $1 and at >= $2 and at < $3");
        foreach (var value in (object[])[world.Organisation, from.ToUniversalTime(), to.ToUniversalTime()]) prefixes.Parameters.Add(new() { Value = value });
        Assert.Equal((long)(await prefixes.ExecuteScalarAsync())!, report.Total.PrefixSavedNanoUsd);
        Assert.NotEqual(0, report.Total.PrefixSavedNanoUsd);
        Assert.Equal((all.Requests, all.Hits, all.Saved), (report.Steps.Sum(s => s.Requests), report.Steps.Sum(s => s.Hits), report.Steps.Sum(s => s.SavedNanoUsd)));
        Assert.Equal(range switch { "24h" => 24, "7d" => 7, _ => 30 }, report.Steps.Count);
        foreach (var (shares, column) in ((IReadOnlyList<CacheShare>, string)[])[(report.Models, "coalesce(model, '')"), (report.Routes, "route"), (report.Teams, "team_id::text")])
        {
            Assert.Equal(
                (await ByRecordsAsync(world, column, from, to)).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => (r.Key, r.Value)),
                shares.OrderBy(s => s.Group, StringComparer.Ordinal).Select(s => (s.Group, (s.Sums.Requests, s.Sums.CacheHits, s.Sums.SavedNanoUsd, s.Sums.SavedUs))));
            Assert.Equal(shares.Select(s => s.Sums.CacheHits).OrderDescending(), shares.Select(s => s.Sums.CacheHits));
        }
        Assert.All(report.Teams, t => Assert.Equal("Team", t.Name));
        // A lead sees the own team's only.
        var own = (await portal.Get<CacheFiguresQuery>().RunAsync(PortalHost.Actor(Roles.TeamLead, world.Organisation, null, world.Teams[1]), range, default)).Value;
        Assert.Equal([world.Teams[1].ToString()], own.Teams.Select(t => t.Group));
        Assert.Equal(report.Teams.Single(t => t.Group == world.Teams[1].ToString()).Sums, own.Total);
    }

    [Fact]
    public async Task Figures_AreForThoseWhoSeeCosts_AndOfATimeThatThereIs()
    {
        var organisation = await portal.AddOrganisationAsync();
        var query = portal.Get<CacheFiguresQuery>();
        Assert.IsType<Failure.Forbidden>((await query.RunAsync(PortalHost.Actor(Roles.SecurityReviewer, organisation), null, default)).Failure);
        Assert.IsType<Failure.Invalid>((await query.RunAsync(PortalHost.Actor(Roles.FinOps, organisation), "1y", default)).Failure);
        var none = (await query.RunAsync(PortalHost.Actor(Roles.FinOps, organisation), null, default)).Value;
        Assert.Equal((0L, 24, 0), (none.Total.Requests, none.Steps.Count, none.Models.Count));
    }

    private async Task<Dictionary<string, (long Requests, long Hits, long Saved, long SavedUs)>> ByRecordsAsync(RollUpWorld world, string group, DateTimeOffset from, DateTimeOffset to)
    {
        await using var command = portal.Get<NpgsqlDataSource>().CreateCommand($"""
            select {group}, count(*), count(cache_hit), coalesce(sum(saved_nano_usd), 0)::bigint, coalesce(sum(saved_us), 0)::bigint
            from usage_records where organisation_id = $1 and at >= $2 and at < $3 group by 1
            """);
        foreach (var value in (object[])[world.Organisation, from.ToUniversalTime(), to.ToUniversalTime()]) command.Parameters.Add(new() { Value = value });
        var found = new Dictionary<string, (long, long, long, long)>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found[reader.GetString(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        return found;
    }
}
