using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Requests;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Queries;

/// <summary>What is read of the ledger: sums, lists, one request, the overview; and by whom.</summary>
public sealed class UsageQueriesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly DateTimeOffset now = PortalHost.Now();
    private Guid organisation, team, otherTeam, key, otherKey, ownKey, user;

    [Fact]
    public async Task Usage_GroupedByEachDimension_AddsUpToTheSameTotal()
    {
        await SeedAsync();
        var actor = PortalHost.Actor(Roles.FinOps, organisation);
        foreach (var group in UsageGroups.All)
        {
            var report = (await portal.Get<UsageQuery>().RunAsync(actor, new() { GroupBy = group, From = now.AddHours(-3), To = now.AddMinutes(1) }, default)).Value;
            Assert.Equal(6, report.Total.Requests);
            Assert.Equal(1 + 2 + 3 + 4 + 0 + 6, report.Total.CostNanoUsd);
            Assert.Equal((1, 1, 1), (report.Total.Errors, report.Total.Refused, report.Total.Estimated));
            Assert.Equal(60, report.Total.InputTokens);
            Assert.Equal(report.Total.CostNanoUsd, report.Rows.Sum(r => r.Sums.CostNanoUsd));
        }
        var byTeam = (await portal.Get<UsageQuery>().RunAsync(actor, new() { GroupBy = "team" }, default)).Value;
        Assert.Equal(["Team", "Team"], byTeam.Rows.Select(r => r.Name));
        Assert.Equal(9, byTeam.Rows[0].Sums.CostNanoUsd);
        var filtered = (await portal.Get<UsageQuery>().RunAsync(actor, new() { GroupBy = "key", Model = "small", TeamId = team }, default)).Value;
        Assert.Equal(3, filtered.Total.Requests);
    }

    [Fact]
    public async Task Usage_OfTooLongOrBackwardTimeOrUnknownGroup_IsRefused()
    {
        var actor = PortalHost.Actor(Roles.Operator, await portal.AddOrganisationAsync());
        foreach (var filter in new UsageFilter[]
        {
            new() { From = now.AddDays(-401) }, new() { From = now.AddDays(-32), GroupBy = "user", Model = "small" }, new() { From = now, To = now }, new() { GroupBy = "at; drop table teams" },
        }) Assert.IsType<Failure.Invalid>((await portal.Get<UsageQuery>().RunAsync(actor, filter, default)).Failure);
    }

    [Fact]
    public async Task Requests_ByEachFilter_AreThoseThatMatch()
    {
        await SeedAsync();
        var actor = PortalHost.Actor(Roles.Auditor, organisation);
        async Task<int> Count(RequestsFilter filter) => (await portal.Get<RequestsQuery>().RunAsync(actor, filter, default)).Value.Items.Count;

        Assert.Equal(6, await Count(new()));
        Assert.Equal(4, await Count(new() { TeamId = team }));
        Assert.Equal(2, await Count(new() { KeyId = otherKey }));
        Assert.Equal(5, await Count(new() { Model = "small" }));
        Assert.Equal(6, await Count(new() { Provider = "p" }));
        Assert.Equal(6, await Count(new() { Deployment = "d" }));
        Assert.Equal(1, await Count(new() { Status = "refused" }));
        Assert.Equal(1, await Count(new() { StatusCode = 502 }));
        Assert.Equal(1, await Count(new() { Feature = "chat" }));
        Assert.Equal(1, await Count(new() { UserId = "u-2" }));
        Assert.Equal(1, await Count(new() { RequestId = "req-3" }));
        Assert.Equal(2, await Count(new() { MinCostNanoUsd = 4 }));
        Assert.Equal(3, await Count(new() { MinLatencyMs = 40 }));
        Assert.Equal(0, await Count(new() { Model = "small' or '1'='1" }));
        Assert.Equal(1, await Count(new() { To = now.AddMinutes(-100), From = now.AddHours(-4) }));
    }

    [Fact]
    public async Task Requests_WalkedPageByPage_AreAllThereOnceNewestFirst()
    {
        await SeedAsync();
        var actor = PortalHost.Actor(Roles.Operator, organisation);
        var seen = new List<RequestRow>();
        string? after = null;
        do
        {
            var page = (await portal.Get<RequestsQuery>().RunAsync(actor, new() { After = after, Limit = 2, To = now.AddMinutes(1) }, default)).Value;
            Assert.InRange(page.Items.Count, 1, 2);
            seen.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(6, seen.Select(r => r.Id).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(r => r.At).ThenByDescending(r => r.Id.ToString()).Select(r => r.Id), seen.Select(r => r.Id));
        foreach (var broken in new[] { "x", "!!", "AAAA", new string('A', 300) })
            Assert.IsType<Failure.Invalid>((await portal.Get<RequestsQuery>().RunAsync(actor, new() { After = broken }, default)).Failure);
    }

    [Fact]
    public async Task Request_One_BringsItsJourneyAndPrice()
    {
        await SeedAsync();
        var actor = PortalHost.Actor(Roles.Operator, organisation);
        var row = (await portal.Get<RequestsQuery>().RunAsync(actor, new() { RequestId = "req-1" }, default)).Value.Items[0];
        var without = (await portal.Get<RequestsQuery>().OneAsync(actor, row.Id, default)).Value;
        Assert.Null(without.Journey);
        await portal.ExecuteAsync($$"""
            insert into journeys (id, at, organisation_id, document) select id, at, organisation_id,
                '{"version":1,"revision":7,"attempts":[{"deployment":"d","start_us":1,"end_us":2,"outcome":"ok","new_field":1}]}' from usage_records where id = '{{row.Id}}'
            """);
        var with = (await portal.Get<RequestsQuery>().OneAsync(actor, row.Id, default)).Value;
        Assert.Equal(7, with.Journey!.Revision);
        Assert.Equal("ok", Assert.Single(with.Journey.Attempts).Outcome);
        Assert.Equal("Team", with.Request.TeamName);
        var foreign = PortalHost.Actor(Roles.Operator, await portal.AddOrganisationAsync());
        Assert.IsType<Failure.NotFound>((await portal.Get<RequestsQuery>().OneAsync(foreign, row.Id, default)).Failure);
        foreach (var odd in new[] { Guid.Empty, Guid.NewGuid(), Guid.AllBitsSet, new Guid("ffffffff-ffff-7fff-bfff-ffffffffffff") })
            Assert.IsType<Failure.NotFound>((await portal.Get<RequestsQuery>().OneAsync(actor, odd, default)).Failure);
    }

    [Theory]
    [InlineData(Roles.Operator, 6)]
    [InlineData(Roles.OrganisationAdmin, 6)]
    [InlineData(Roles.Platform, 6)]
    [InlineData(Roles.FinOps, 6)]
    [InlineData(Roles.Auditor, 6)]
    [InlineData(Roles.TeamLead, 4)]
    [InlineData(Roles.Developer, 1)]
    [InlineData(Roles.SecurityReviewer, -1)]
    public async Task Costs_AsRole_AreThoseItMaySee(string role, int expected)
    {
        await SeedAsync();
        var actor = PortalHost.Actor(role, organisation, user, team);
        var requests = await portal.Get<RequestsQuery>().RunAsync(actor, new(), default);
        var usage = await portal.Get<UsageQuery>().RunAsync(actor, new(), default);
        var overview = await portal.Get<OverviewQuery>().RunAsync(actor, default);
        if (expected < 0)
        {
            Assert.All([requests.Failure, usage.Failure, overview.Failure], f => Assert.IsType<Failure.Forbidden>(f));
            return;
        }
        Assert.Equal((expected, expected, expected), (requests.Value.Items.Count, (int)usage.Value.Total.Requests, (int)overview.Value.Now.Requests));
    }

    [Fact]
    public async Task Overview_OfADay_HasItsHoursSumsAndPercentiles()
    {
        await SeedAsync();
        var overview = (await portal.Get<OverviewQuery>().RunAsync(PortalHost.Actor(Roles.Operator, organisation), default)).Value;
        Assert.Equal(24, overview.Hours.Count);
        Assert.Equal(overview.Since.AddHours(23), overview.Hours[^1].Start);
        Assert.Equal(6, overview.Hours.Sum(h => h.Totals.Requests));
        Assert.Equal((16, 6, 1, 1, 1), (overview.Now.CostNanoUsd, overview.Now.Requests, overview.Now.Errors, overview.Now.Refused, overview.Now.Estimated));
        // Whole answers: 10, 20, 30 and 60 ms.
        Near(20_000, 60_000, 60_000, overview.Latency);
        Near(2_000, 6_000, 6_000, overview.Ttft);
        Assert.Equal(1, overview.Before.Requests);
        Assert.False(overview.IsFirstRun);
        Assert.Equal("small", overview.Models[0].Name);
        Assert.Equal(overview.Now.CostNanoUsd, overview.Keys.Sum(k => k.CostNanoUsd));
        Assert.Equal(3, overview.Keys.Count);

        var empty = (await portal.Get<OverviewQuery>().RunAsync(PortalHost.Actor(Roles.Operator, await portal.AddOrganisationAsync()), default)).Value;
        Assert.True(empty.IsFirstRun);
        Assert.Equal(24, empty.Hours.Count);
        Assert.Null(empty.Latency);
    }

    private static void Near(long p50, long p95, long p99, Percentiles? found)
    {
        foreach (var (exact, near) in new[] { (p50, found!.P50), (p95, found.P95), (p99, found.P99) }) Assert.InRange(near, exact * 0.98, exact * 1.02);
    }

    /// <summary>Six requests of the last two hours and one of a day before; costs 1, 2, 3, 4, 0 and 6.</summary>
    private async Task SeedAsync()
    {
        organisation = await portal.AddOrganisationAsync();
        (team, otherTeam) = (await portal.AddTeamAsync(organisation), await portal.AddTeamAsync(organisation));
        user = await portal.AddUserAsync(organisation, Roles.Developer, team);
        await using var db = portal.Db();
        VirtualKey Key(Guid of, Guid? owner, string name) => new()
        {
            Id = PortalHost.NewId(), OrganisationId = organisation, TeamId = of, OwnerId = owner, Name = name, Prefix = "agw-x",
            SecretHash = VirtualKeySecret.Hash(Guid.NewGuid().ToString()), CreatedAt = now, CreatedBy = "t",
        };
        var keys = new[] { Key(team, null, "team key"), Key(otherTeam, null, "other key"), Key(team, user, "own key") };
        db.VirtualKeys.AddRange(keys);
        (key, otherKey, ownKey) = (keys[0].Id, keys[1].Id, keys[2].Id);
        await db.SaveChangesAsync();

        UsageRecord Record(int n, Guid ofKey, int minutesAgo, string status, int code, string model = "small") => new()
        {
            Id = Guid.CreateVersion7(now.AddMinutes(-minutesAgo)), At = now.AddMinutes(-minutesAgo), RequestId = $"req-{n}", OrganisationId = organisation,
            TeamId = ofKey == otherKey ? otherTeam : team, KeyId = ofKey, UserId = $"u-{n}", Feature = n == 4 ? "chat" : null, Route = "chat_completions",
            Model = model, Provider = "p", Deployment = "d", FallbackChain = ["d"], InputTokens = 10, OutputTokens = n, LatencyUs = n * 10_000, TtftUs = n * 1_000,
            Status = status, StatusCode = code, CostNanoUsd = n == 5 ? 0 : n, Estimated = n == 4, Streamed = true,
        };
        db.UsageRecords.AddRange(
            Record(1, key, 0, UsageStatuses.Ok, 200), Record(2, key, 5, UsageStatuses.Ok, 200), Record(3, otherKey, 5, UsageStatuses.Ok, 200),
            Record(4, ownKey, 50, UsageStatuses.Truncated, 502, "large"), Record(5, key, 60, UsageStatuses.Refused, 403), Record(6, otherKey, 110, UsageStatuses.Ok, 200),
            Record(7, key, (24 * 60) + 30, UsageStatuses.Ok, 200));
        await db.SaveChangesAsync();
    }
}
