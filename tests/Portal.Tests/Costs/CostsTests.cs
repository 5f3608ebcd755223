using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Costs;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Costs;

/// <summary>What the costs pages say is what the records say.</summary>
public sealed class CostsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly DateTimeOffset now = PortalHost.Now();

    [Theory]
    [InlineData("7d")]
    [InlineData("90d")]
    public async Task Costs_ByEachGroup_ReconcileWithTheRecords(string period)
    {
        var world = await SeedAsync();
        foreach (var (by, _, _) in CostGroups.All)
        {
            var costs = await AskAsync(world, new() { Period = period, By = by });
            var (from, to) = (Start(costs.Period.First), Start(costs.Period.End));
            var (fromBefore, toBefore) = (Start(costs.Period.FirstBefore), Start(costs.Period.EndBefore));
            var records = (await world.ByRecordsAsync("''", from, to)).Values.Single();
            Assert.Equal((records.Requests, records.Cost, records.Tokens), (costs.Total.Requests, costs.Total.CostNanoUsd, costs.Total.Tokens));
            Assert.Equal((await world.ByRecordsAsync("''", fromBefore, toBefore)).Values.Sum(r => r.Cost), costs.Before.CostNanoUsd);
            if (by == "tag") continue;
            Assert.Equal(records.Cost, costs.Rows.Sum(r => r.Now.CostNanoUsd));
            Assert.Equal(records.Cost, costs.Series.Sum(s => s.Days.Sum()));
            Assert.Null(costs.Rest);
            if (by != "day") Assert.Equal(costs.Rows.Select(r => Math.Abs(r.ChangeNanoUsd)).Max(), Math.Abs(costs.Movers[0].ChangeNanoUsd));
        }
        var byFeature = await AskAsync(world, new() { Period = period, By = "feature" });
        Assert.Equal(byFeature.Rows.Single(r => r.Group.Length == 0).Now.CostNanoUsd, byFeature.UnattributedNanoUsd);
        Assert.Equal(byFeature.Series.Count, byFeature.Series.Select(s => s.Colour).Distinct().Count());
    }

    [Theory]
    [InlineData("7d")]
    [InlineData("90d")]
    public async Task Tokens_OfOneModelByTask_ReconcileWithTheRecords(string period)
    {
        var world = await SeedAsync();
        (Facet, string) model = (Facet.Of("model")!, "model-1");
        var costs = await AskAsync(world, new() { Period = period, By = "task", Values = [model] });
        var records = await world.ByRecordsAsync("u.task", Start(costs.Period.First), Start(costs.Period.End), "u.model = 'model-1'");
        Assert.True(records.Count > 2);
        Assert.Equal(records.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => (r.Key, r.Value.Tokens, r.Value.Cost)), costs.Rows.OrderBy(r => r.Group, StringComparer.Ordinal).Select(r => (r.Group, r.Now.Tokens, r.Now.CostNanoUsd)));
        // The requests page has no filter for tasks: a link to all of the model's requests would show others' too.
        Assert.All(costs.Rows, row => Assert.Null(CostLinks.Requests(costs, row, [model])));
        Assert.Null(CostLinks.Requests(await AskAsync(world, new() { Period = period, By = "model" }), costs.Rows[0] with { Group = "model-1" }, [(Facet.Of("task")!, "task-1")]));
    }

    [Fact]
    public async Task Costs_OfManyGroups_KeepEightSeriesAndTheRestTogether()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(3));
        var records = Enumerable.Range(0, 130).Select(i =>
        {
            var record = world.Record(now.AddMinutes(-5));
            record.Model = $"m{i}";
            return record;
        }).ToArray();
        await world.AddAsync(records);
        await world.RollAsync();
        var costs = await AskAsync(world, new() { Period = "7d", By = "model" });
        Assert.Equal((CostsQuery.MaxRows, CostsQuery.MaxSeries + 1), (costs.Rows.Count, costs.Series.Count));
        Assert.Equal("other", costs.Series[^1].Name);
        Assert.Equal(records.Sum(r => r.CostNanoUsd), costs.Rows.Sum(r => r.Now.CostNanoUsd) + costs.Rest!.Now.CostNanoUsd);
        Assert.Equal(records.Sum(r => r.CostNanoUsd), costs.Series.Sum(s => s.Days.Sum()));
        Assert.Equal(30, costs.Rest.Now.Requests);
    }

    [Fact]
    public async Task Costs_OfUsersWithAFilter_NeedAShortTime()
    {
        var world = await SeedAsync();
        var filter = new CostsFilter { By = "user", Values = [(Facet.Of("model")!, "model-1")] };
        Assert.True((await AskAsync(world, filter with { Period = "7d" })).Total.Requests > 0);
        var refused = await portal.Get<CostsQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), filter with { Period = "90d" }, default);
        Assert.IsType<Failure.Invalid>(refused.Failure);
    }

    [Theory]
    [InlineData(Roles.FinOps, true)]
    [InlineData(Roles.TeamLead, true)]
    [InlineData(Roles.Developer, true)]
    [InlineData(Roles.SecurityReviewer, false)]
    public async Task Costs_AsRole_AreWhatItMaySee(string role, bool may)
    {
        var world = await SeedAsync();
        var actor = PortalHost.Actor(role, world.Organisation, PortalHost.NewId(), world.Teams[0]);
        var costs = await portal.Get<CostsQuery>().RunAsync(actor, new() { Period = "7d", By = "team" }, default);
        var statement = await portal.Get<StatementQuery>().RunAsync(actor, world.Teams[1], null, default);
        if (!may)
        {
            Assert.All([costs.Failure, statement.Failure], f => Assert.IsType<Failure.Forbidden>(f));
            return;
        }
        // A developer owns none of these keys, a lead leads one of the three teams.
        Assert.Equal(role == Roles.FinOps ? 3 : role == Roles.TeamLead ? 1 : 0, costs.Value.Rows.Count);
        if (role == Roles.TeamLead) Assert.IsType<Failure.NotFound>(statement.Failure);
        if (role == Roles.Developer) Assert.Equal(0, statement.Value.Total.Requests);
    }

    [Fact]
    public async Task Statement_OfATeamsMonth_AddsUpInEveryPartAndInItsCsv()
    {
        var world = await SeedAsync();
        var team = world.Teams[0];
        var statement = (await portal.Get<StatementQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), team, null, default)).Value;
        var records = await world.ByRecordsAsync("''", Start(statement.Month), Start(statement.Month.AddMonths(1)), $"team_id = '{team}'");
        Assert.Equal(records.Values.Sum(r => r.Cost), statement.Total.CostNanoUsd);
        Assert.All(statement.Parts, p => Assert.Equal(statement.Total.CostNanoUsd, p.Rows.Sum(r => r.Now.CostNanoUsd)));
        var lines = CostCsv.Write(statement).TrimEnd().Split("\r\n");
        Assert.Equal(1 + statement.Parts.Sum(p => p.Rows.Count) + 1, lines.Length);
        Assert.Contains($",{statement.Total.CostNanoUsd},", lines[^1], StringComparison.Ordinal);
        foreach (var month in (string[])["x", "2999-01", "2026-13"])
            Assert.IsType<Failure.Invalid>((await portal.Get<StatementQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), null, month, default)).Failure);
    }

    [Fact]
    public async Task Csv_OfNamesThatSpreadsheetsWouldRun_IsHarmless()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(4));
        var record = world.Record(now.AddMinutes(-5));
        record.Feature = "=cmd|' /C calc'!A0,\"x\"";
        await world.AddAsync(record);
        var csv = CostCsv.Write(await AskAsync(world, new() { Period = "7d", By = "feature" }));
        Assert.Contains("\"'=cmd|' /C calc'!A0,\"\"x\"\"\"", csv, StringComparison.Ordinal);
    }

    private static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private async Task<CostsData> AskAsync(RollUpWorld world, CostsFilter filter)
    {
        var answer = await portal.Get<CostsQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, world.Organisation), filter, CancellationToken.None);
        Assert.True(answer.Failure is null, answer.Failure?.Message);
        return answer.Value;
    }

    private async Task<RollUpWorld> SeedAsync()
    {
        var random = new Random(2);
        var world = await RollUpWorld.StartAsync(portal, random);
        var records = Enumerable.Range(0, 400).Select(_ => world.Record(now.AddMinutes(-random.Next(100 * 24 * 60)))).Concat(Enumerable.Range(0, 100).Select(_ => world.Record(now.AddMinutes(-random.Next(12 * 24 * 60))))).ToArray();
        await world.AddAsync(records[..450]);
        await world.RollAsync(200);
        await world.AddAsync(records[450..]);
        await world.CorrectAsync(records[440]);
        return world;
    }
}
