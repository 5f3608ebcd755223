using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Ledger;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Tests.Budgets;

/// <summary>How budgets stand where the ledger cannot be asked: by the request log, with what is unknown said.</summary>
public sealed class StandingsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Standings_WithoutRedis_AreSettledByTheLogAndHoldUnknown()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        foreach (var (kind, scope) in ((string, string?)[])[("organisation", null), ("team", "t"), ("key", "k"), ("user", "zoë"), ("feature", "search"), ("agent", "bot"), ("user", null)])
            await api.MadeAsync("/api/budgets", $$"""{"scope_kind":"{{kind}}",{{(scope is null ? "" : $"\"scope_id\":\"{scope}\",")}}"period":"daily","cap_usd":1}""");
        await AddAsync(api.Organisation, team, key, PortalHost.Now(), 1, "zoë", "search");
        await AddAsync(api.Organisation, team, key, PortalHost.Now(), 2, null, null);
        await AddAsync(api.Organisation, Guid.NewGuid(), Guid.NewGuid(), PortalHost.Now(), 4, "zoë", null);
        await AddAsync(Guid.NewGuid(), team, key, PortalHost.Now(), 8, "zoë", "search");
        await AddAsync(api.Organisation, team, key, PortalHost.Now().AddDays(-1), 16, "zoë", "search");

        var actor = PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation);
        var budgets = (await portal.Get<BudgetsQuery>().RunAsync(actor, new(), default)).Value.Items;
        var standings = await portal.Get<BudgetStandingsQuery>().RunAsync(actor, budgets, default);

        Assert.Equal(LedgerState.None, standings.Ledger);
        Assert.Equal(
            [("agent", 0L), ("default", null), ("feature", 1), ("key", 3), ("organisation", 7), ("team", 3), ("user", 5)],
            standings.Standings.Select(s => (s.IsDefault ? "default" : s.Budget.ScopeKind, s.SettledNanoUsd)).OrderBy(s => s.Item1, StringComparer.Ordinal));
        Assert.All(standings.Standings, s => Assert.Equal((null, null), (s.HeldNanoUsd, s.AvailableNanoUsd)));
        Assert.All(standings.Standings.Where(s => !s.IsDefault), s => Assert.True(s.IsFromLog));
        var ofTeam = budgets.Single(b => b.ScopeKind == "team").Id;
        var (_, status) = await api.GetAsync($"/api/budgets/{ofTeam}/status");
        Assert.Equal(("1", "0.000000003", "request_log"), (status.Text("cap_usd"), status.Text("settled_usd"), status.Text("source")));
        Assert.Null(status!["held_usd"]);
        Assert.Null(status["available_usd"]);
    }

    [Fact]
    public async Task Page_OfABudget_ListsItsRefusalsAndNobodyElses()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        var budget = (await api.MadeAsync("/api/budgets", """{"scope_kind":"team","scope_id":"t","period":"monthly","cap_usd":5}""")).Id();
        await RefuseAsync(api.Organisation, team, key, budget, "req-mine");
        await RefuseAsync(api.Organisation, team, key, Guid.NewGuid(), "req-other");

        var page = (await portal.Get<BudgetPageQuery>().RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation), budget, null, default)).Value;
        var refusal = Assert.Single(page.Refusals!);
        Assert.Equal(("req-mine", "k", "$4.00 of $5.00 was settled and $0.99 held, $0.01 was left."), (refusal.RequestId, refusal.Key, refusal.Why));
        Assert.True(page.MayChange);

        // A developer without keys sees that the team's budget is not his to see; a lead of the team sees it and may change it.
        var developer = await portal.AddUserAsync(api.Organisation, Roles.Developer);
        Assert.False((await portal.Get<BudgetPageQuery>().RunAsync(PortalHost.Actor(Roles.Developer, api.Organisation, developer), budget, null, default)).Succeeded);
        var lead = await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team);
        Assert.True((await portal.Get<BudgetPageQuery>().RunAsync(PortalHost.Actor(Roles.TeamLead, api.Organisation, lead, team), budget, null, default)).Value.MayChange);
        Assert.False((await portal.Get<BudgetPageQuery>().RunAsync(PortalHost.Actor(Roles.FinOps, api.Organisation), budget, null, default)).Value.MayChange);
    }

    [Fact]
    public async Task Shares_OfADefaultBudget_AreForThoseWhoSeeTheWholeOrganisation()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var budget = (await api.MadeAsync("/api/budgets", """{"scope_kind":"user","period":"daily","cap_usd":5}""")).Id();
        var lead = PortalHost.Actor(Roles.TeamLead, api.Organisation, await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team), team);

        var page = (await portal.Get<BudgetPageQuery>().RunAsync(lead, budget, null, default)).Value;

        Assert.Equal((null, null, false), (page.Holds, page.Refusals, page.MayChange));
    }

    private async Task AddAsync(Guid organisation, Guid team, Guid key, DateTimeOffset at, long cost, string? user, string? feature)
    {
        await using var db = portal.Db();
        db.UsageRecords.Add(Record(organisation, team, key, at, cost, user, feature));
        await db.SaveChangesAsync();
    }

    private async Task RefuseAsync(Guid organisation, Guid team, Guid key, Guid budget, string requestId)
    {
        await using var db = portal.Db();
        var record = Record(organisation, team, key, PortalHost.Now(), 0, null, null);
        (record.Status, record.StatusCode, record.Error, record.RequestId) = (UsageStatuses.Refused, 402, "budget_exceeded", requestId);
        db.UsageRecords.Add(record);
        await db.SaveChangesAsync();
        await portal.ExecuteAsync($$$"""
            insert into journeys (id, at, organisation_id, document) select id, at, organisation_id,
                '{"version":1,"refusal":{"kind":"budget","budget_id":"{{{budget}}}","settled_nano_usd":4000000000,"held_nano_usd":990000000,"cap_nano_usd":5000000000}}'
            from usage_records where id = '{{{record.Id}}}'
            """);
    }

    private static UsageRecord Record(Guid organisation, Guid team, Guid key, DateTimeOffset at, long cost, string? user, string? feature) => new()
    {
        Id = Guid.CreateVersion7(at), At = at, RequestId = "r", OrganisationId = organisation, TeamId = team, KeyId = key, UserId = user, Feature = feature, Route = "chat_completions",
        Status = UsageStatuses.Ok, StatusCode = 200, CostNanoUsd = cost,
    };
}
