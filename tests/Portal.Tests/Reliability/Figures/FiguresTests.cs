using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Reliability.Figures;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.Reliability.Figures;

/// <summary>Figures of reliability against the records that they are made of.</summary>
public sealed class FiguresTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly DateTimeOffset now = PortalHost.Now();

    [Theory]
    [InlineData(1, "UTC")]
    [InlineData(2, "Asia/Kathmandu")]
    public async Task Figures_ByEachGroupAndRange_SayWhatTheRecordsSay(int seed, string zone)
    {
        var random = new Random(seed);
        var world = await RollUpWorld.StartAsync(portal, random, zone);
        var records = Enumerable.Range(0, 500).Select(i => world.Record(now.AddMinutes(-random.Next(i % 2 == 0 ? 20 * 60 : 8 * 24 * 60)))).ToArray();
        foreach (var record in records) record.OverheadUs = random.Next(50, 9000);
        await world.AddAsync(records[..400]);
        await world.RollAsync();
        await world.AddAsync(records[400..]);
        for (var i = 0; i < 30; i++) await world.CorrectAsync(records[i * 7]);

        foreach (var (by, _) in FigureGroups.All)
            foreach (var (range, _) in FigureRanges.All)
            {
                var report = await AskAsync(world, new() { By = by, Range = range });
                var expected = await ByRecordsAsync(world, $"coalesce({by}, '')", report.From);
                Assert.Equal(expected.Count, report.Rows.Count);
                Assert.True(report.Rows.Zip(report.Rows.Skip(1)).All(p => p.First.Requests >= p.Second.Requests));
                foreach (var row in report.Rows) AssertSame(expected[row.Group ?? ""], row);
                AssertSame((await ByRecordsAsync(world, "''", report.From))[""], report.Total);
                Assert.False(report.HasMore);
            }
    }

    [Fact]
    public async Task Overhead_OfTheLastHour_IsExactAndOfWholeAnswersOnly()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(3));
        UsageRecord Of(int minutes, string status, long overhead)
        {
            var record = world.Record(now.AddMinutes(-minutes));
            (record.Status, record.OverheadUs) = (status, overhead);
            return record;
        }
        await world.AddAsync([.. Enumerable.Range(1, 20).Select(i => Of(i, UsageStatuses.Ok, i * 100)), Of(2, UsageStatuses.Failed, 9_000_000), Of(90, UsageStatuses.Ok, 9_000_000)]);

        var overhead = (await AskAsync(world, new())).Overhead;

        Assert.Equal((20, now.AddMinutes(-20)), (overhead.Answers, overhead.Since));
        Assert.Equal(new Percentiles(1000, 1900, 2000), overhead.Time);
    }

    [Fact]
    public async Task Sort_ByEachOrder_PutsTheWorstFirst()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(4));
        await world.AddAsync([.. Enumerable.Range(0, 200).Select(i => world.Record(now.AddMinutes(-i)))]);
        (string Sort, Func<FigureRow, double> Of)[] orders =
        [
            ("requests", r => r.Requests), ("errors", r => (double)r.Errors / r.Requests), ("retried", r => (double)r.Retried / r.Requests), ("p95", r => r.Latency?.P95 ?? -1), ("ttft", r => r.Ttft?.P95 ?? -1),
            ("tokens", r => r.InputTokens + r.OutputTokens),
        ];
        Assert.Equal(FigureOrders.All, orders.Select(o => o.Sort));
        foreach (var (sort, of) in orders)
        {
            var values = (await AskAsync(world, new() { By = "deployment", Sort = sort })).Rows.Select(of).ToList();
            Assert.Equal(4, values.Count);
            Assert.Equal(values.OrderDescending(), values);
        }
    }

    [Fact]
    public async Task Figures_WithoutARequest_AreEmpty_AndOfAnotherOrganisationNever()
    {
        var (mine, theirs) = (await RollUpWorld.StartAsync(portal, new Random(5)), await RollUpWorld.StartAsync(portal, new Random(6)));
        await theirs.AddAsync(theirs.Record(now.AddMinutes(-1)));

        var report = await AskAsync(mine, new());

        Assert.Equal((0, 0, 0L), (report.Rows.Count, report.Total.Requests, report.Overhead.Answers));
        Assert.Null(report.Overhead.Time);
        Assert.Null(report.Total.Latency);
    }

    [Fact]
    public async Task Figures_OfMoreGroupsThanFit_AreTheBusiest_AndTheTotalHoldsAll()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(7));
        var records = Enumerable.Range(0, FiguresQuery.MaxGroups + 60).Select(i => world.Record(now.AddMinutes(-1))).ToArray();
        // 50 features of two requests, the others of one.
        for (var i = 0; i < records.Length; i++) records[i].Feature = $"f{i % (FiguresQuery.MaxGroups + 10):000}";
        await world.AddAsync(records);

        var report = await AskAsync(world, new() { By = "feature" });

        Assert.True(report.HasMore);
        Assert.Equal((FiguresQuery.MaxGroups, records.Length), (report.Rows.Count, report.Total.Requests));
        Assert.Equal(50, report.Rows.TakeWhile(r => r.Requests == 2).Count());
    }

    [Theory]
    [InlineData(Roles.Developer, "model", true)]
    [InlineData(Roles.TeamLead, "feature", false)]
    [InlineData(Roles.Developer, "feature", false)]
    [InlineData(Roles.SecurityReviewer, "feature", false)]
    [InlineData(Roles.FinOps, "feature", true)]
    public async Task Figures_ByRole_AreForWhoMaySeeThem(string role, string by, bool allowed)
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(8));
        var answer = await portal.Get<FiguresQuery>().RunAsync(PortalHost.Actor(role, world.Organisation), new() { By = by }, default);
        Assert.Equal(allowed, answer.Failure is null);
        Assert.True(allowed || answer.Failure is Failure.Forbidden);
    }

    [Fact]
    public async Task Figures_OfUnknownChoices_NameEveryFault()
    {
        var slug = $"o-{Guid.NewGuid():N}";
        await portal.AddOrganisationAsync(slug);
        Assert.Equal(["by", "range", "sort"], (await portal.Api.ReadAsync($"/api/reliability/figures?by=key&range=1y&sort=cost&organization={slug}")).Body.Faults());
        var (_, body) = await portal.Api.ReadAsync($"/api/reliability/figures?organization={slug}");
        Assert.Equal(("model", "24h", "requests"), ((string)body!["by"]!, (string)body["range"]!, (string)body["sort"]!));
        // What things cost is another permission's.
        Assert.DoesNotContain("cost", body.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<FiguresReport> AskAsync(RollUpWorld world, FiguresFilter filter)
    {
        var answer = await portal.Get<FiguresQuery>().RunAsync(PortalHost.Actor(Roles.Platform, world.Organisation), filter, CancellationToken.None);
        Assert.True(answer.Failure is null, answer.Failure?.Message);
        return answer.Value;
    }

    private static void AssertSame(Recorded expected, FigureRow row)
    {
        long[] told = [row.Requests, row.Errors, row.Refused, row.Retried, row.ExtraAttempts, row.Succeeded, row.InputTokens, row.OutputTokens];
        Assert.Equal(expected.Sums, told);
        AssertNear(expected.Latency, row.Latency);
        AssertNear(expected.Ttft, row.Ttft);
    }

    private static void AssertNear(long[]? expected, Percentiles? told)
    {
        if (expected is null)
        {
            Assert.Null(told);
            return;
        }
        foreach (var (exact, near) in expected.Zip([told!.P50, told.P95, told.P99])) Assert.InRange(near, exact * 0.98 - 1, exact * 1.02 + 1);
    }

    private async Task<Dictionary<string, Recorded>> ByRecordsAsync(RollUpWorld world, string group, DateTimeOffset from)
    {
        await using var connection = new NpgsqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"""
            select {group},
                array[count(*), count(*) filter (where status in ('failed', 'truncated', 'orphaned', 'degraded')), count(*) filter (where status = 'refused'), count(*) filter (where cardinality(fallback_chain) > 1),
                    sum(greatest(cardinality(fallback_chain) - 1, 0)), count(*) filter (where status <> 'refused' and coalesce(feedback >= 0.8, status = 'ok')),
                    sum(input_tokens + cache_read_tokens + cache_write_tokens), sum(output_tokens)]::bigint[],
                percentile_disc(array[0.5, 0.95, 0.99]) within group (order by latency_us) filter (where status = 'ok'),
                percentile_disc(array[0.5, 0.95, 0.99]) within group (order by ttft_us) filter (where status = 'ok' and ttft_us is not null)
            from usage_records where organisation_id = $1 and at >= $2 group by 1
            """, connection);
        foreach (var value in (object[])[world.Organisation, from]) command.Parameters.Add(new() { Value = value });
        var found = new Dictionary<string, Recorded>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found[reader.GetString(0)] = new(reader.GetFieldValue<long[]>(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<long[]>(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<long[]>(3));
        return found;
    }

    private sealed record Recorded(long[] Sums, long[]? Latency, long[]? Ttft);
}
