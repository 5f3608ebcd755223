using System.Net;
using AspireGateway.Portal.Budgets;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Tests.Budgets;

/// <summary>Budgets through HTTP: exact money, their life, raises and what they passed.</summary>
public sealed class BudgetsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Budgets_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        await api.ModelAsync("cheap");
        var budget = await api.MadeAsync("/api/budgets", """{"scope_kind":"team","scope_id":"t","period":"monthly","cap_usd":500.10}""");
        Assert.Equal((team.ToString(), "500.1", 500_100_000_000), (budget.Text("scope_id"), budget.Text("cap_usd"), budget["cap_nano_usd"]!.GetValue<long>()));
        Assert.Equal([50, 80, 100], budget["thresholds"]!.AsArray().Select(t => t!.GetValue<int>()));
        Assert.Equal("reject", budget.Text("on_exceeded"));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/budgets", """{"scope_kind":"team","scope_id":"t","period":"monthly","cap_usd":1}""")).Status);
        await api.MadeAsync("/api/budgets", """{"scope_kind":"team","scope_id":"t","period":"daily","cap_nano_usd":1}""");

        var id = budget.Id();
        var (_, changed) = await api.PutAsync($"/api/budgets/{id}", """{"cap_usd":"0.000000001","on_exceeded":"downgrade","downgrade_model":"cheap","thresholds":[]}""");
        Assert.Equal(("0.000000001", 1), (changed.Text("cap_usd"), changed!["cap_nano_usd"]!.GetValue<long>()));
        Assert.Empty(changed["thresholds"]!.AsArray());
        Assert.Equal(2, (await api.ItemsAsync($"/api/budgets?scope_kind=team&scope_id={team}")).Count);
        Assert.Empty(await api.ItemsAsync("/api/budgets?scope_kind=user"));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/budgets/{id}")).Status);
        Assert.Equal(["budget.delete", "budget.update", "budget.create"], (await api.ItemsAsync($"/api/audit?target_id={id}")).Select(a => a.Text("action")));
    }

    [Theory]
    [InlineData("\"period\":\"daily\"", "period")]
    [InlineData("\"scope_kind\":\"key\",\"scope_id\":\"x\"", "scope_id", "scope_kind")]
    public async Task Budget_OfAnotherWindowOrScope_IsAnotherBudget(string change, params string[] fields)
    {
        var api = await PortalApi.StartAsync(portal);
        var budget = await api.MadeAsync("/api/budgets", $$"""{"scope_kind":"team","scope_id":"{{await api.TeamAsync("T")}}","period":"monthly","cap_usd":1}""");

        var (status, problem) = await api.PutAsync($"/api/budgets/{budget.Id()}", $$"""{"cap_usd":2,{{change}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(fields, problem.Faults());
        Assert.Contains("set a new budget, and delete this one", problem!["errors"]![fields[0]]![0]!.GetValue<string>(), StringComparison.Ordinal);
        var same = $$"""{"cap_usd":2,"scope_kind":"team","scope_id":"{{budget.Text("scope_id")}}","period":"monthly"}""";
        Assert.Equal("2", (await api.PutAsync($"/api/budgets/{budget.Id()}", same)).Body.Text("cap_usd"));
    }

    [Theory]
    [InlineData("""{}""", "cap_usd", "period", "scope_kind")]
    [InlineData("""{"scope_kind":"deployment","period":"daily","cap_usd":1}""", "scope_kind")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":0.0000000001}""", "cap_usd")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1.00000000000000000000000000000001}""", "cap_usd")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":"1,5"}""", "cap_usd")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":-1}""", "cap_usd")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":9000000.000000001}""", "cap_usd")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_nano_usd":9000000000000001}""", "cap_nano_usd")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"cap_nano_usd":2}""", "cap_usd")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"thresholds":[80,50]}""", "thresholds")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"thresholds":[50,50]}""", "thresholds")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"thresholds":[0]}""", "thresholds")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"thresholds":[101]}""", "thresholds")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"on_exceeded":"queue"}""", "on_exceeded")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"on_exceeded":"downgrade"}""", "downgrade_model")]
    [InlineData("""{"scope_kind":"organisation","period":"daily","cap_usd":1,"downgrade_model":"m"}""", "downgrade_model")]
    public async Task Budget_ThatMakesNoSense_IsRefusedByField(string body, params string[] fields)
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal(fields, await api.FaultsAsync("/api/budgets", body));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("9000000", 9_000_000_000_000_000)]
    [InlineData("0.1", 100_000_000)]
    [InlineData("1e-9", 1)]
    [InlineData("12.345678901", 12_345_678_901)]
    [InlineData("0.10000000000000", 100_000_000)]
    public void Dollars_Written_AreExact(string text, long nano)
    {
        Assert.Equal(nano, UsdAmount.Parse(text).NanoUsd);
        Assert.Equal(nano, UsdAmount.Parse(UsdAmount.Text(nano)).NanoUsd);
    }

    [Fact]
    public async Task Raise_OfABudget_CountsUntilItsEnd()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.TeamAsync("T");
        var id = (await api.MadeAsync("/api/budgets", """{"scope_kind":"team","scope_id":"t","period":"monthly","cap_usd":100}""")).Id();
        var until = PortalHost.Now().AddDays(2);
        var raise = await api.MadeAsync($"/api/budgets/{id}/raise", $$"""{"amount_usd":25.5,"until":"{{until:O}}","reason":"launch week"}""");
        Assert.Equal(("25.5", 25_500_000_000, id), (raise.Text("amount_usd"), raise["amount_nano_usd"]!.GetValue<long>(), raise.Id("budget_id")));
        await api.MadeAsync($"/api/budgets/{id}/raise", $$"""{"amount_nano_usd":1,"until":"{{until:O}}","reason":"a nano-dollar"}""");
        await portal.ExecuteAsync($"update budget_raises set until = now() - interval '1 second' where budget_id = '{id}' and amount_nano_usd = 1");
        Assert.Equal("25.5", (await api.GetAsync($"/api/budgets/{id}")).Body.Text("raised_usd"));
        Assert.Equal(["a nano-dollar", "launch week"], (await api.ItemsAsync($"/api/budgets/{id}/raises")).Select(r => r.Text("reason")));
        Assert.Equal(
            ["amount_usd", "reason", "until"],
            await api.FaultsAsync($"/api/budgets/{id}/raise", "{}"));
        Assert.Equal(["until"], await api.FaultsAsync($"/api/budgets/{id}/raise", $$"""{"amount_usd":1,"until":"{{PortalHost.Now().AddSeconds(-1):O}}","reason":"r"}"""));
        Assert.Equal(["until"], await api.FaultsAsync($"/api/budgets/{id}/raise", $$"""{"amount_usd":1,"until":"{{PortalHost.Now().AddDays(367):O}}","reason":"r"}"""));
        Assert.Equal(["amount_usd"], await api.FaultsAsync($"/api/budgets/{id}/raise", $$"""{"amount_usd":8999900,"until":"{{until:O}}","reason":"r"}"""));
        Assert.Equal(["scope_id"], await api.FaultsAsync($"/api/budgets/{id}/raise", $$"""{"amount_usd":1,"until":"{{until:O}}","reason":"r","scope_id":"t"}"""));
        Assert.Equal("budget.raise", (await api.ItemsAsync($"/api/audit?target_id={id}"))[0].Text("action"));
    }

    [Fact]
    public async Task Raise_OfADefaultBudget_MayBeOnesAlone()
    {
        var api = await PortalApi.StartAsync(portal);
        var id = (await api.MadeAsync("/api/budgets", """{"scope_kind":"user","period":"daily","cap_usd":1}""")).Id();
        var raise = await api.MadeAsync($"/api/budgets/{id}/raise", $$"""{"amount_usd":1,"until":"{{PortalHost.Now().AddDays(1):O}}","reason":"r","scope_id":"alice"}""");
        Assert.Equal("alice", raise.Text("scope_id"));
        Assert.Equal("0", (await api.GetAsync($"/api/budgets/{id}")).Body.Text("raised_usd"));
    }

    [Fact]
    public async Task Events_OfABudget_AreListedNewestFirst()
    {
        var api = await PortalApi.StartAsync(portal);
        var id = (await api.MadeAsync("/api/budgets", """{"scope_kind":"organisation","period":"daily","cap_usd":10}""")).Id();
        await using var db = portal.Db();
        foreach (var threshold in new[] { 50, 80 })
            db.BudgetEvents.Add(new()
            {
                // Ids of the same millisecond would be in no order.
                Id = Guid.CreateVersion7(PortalHost.Now().AddSeconds(threshold)), OrganisationId = api.Organisation, BudgetId = id, ScopeKind = "organisation", WindowStart = PortalHost.Now(), Threshold = threshold,
                SettledNanoUsd = threshold * 100_000_000L, CapNanoUsd = 10_000_000_000, At = PortalHost.Now(),
            });
        await db.SaveChangesAsync();
        var events = await api.ItemsAsync($"/api/budgets/{id}/events");
        Assert.Equal([80, 50], events.Select(e => e["threshold"]!.GetValue<int>()));
        Assert.Equal(("8", "10"), (events[0].Text("settled_usd"), events[0].Text("cap_usd")));
        Assert.Null(events[0]["scope_id"]);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/budgets/{Guid.NewGuid()}/events")).Status);
    }

    [Fact]
    public async Task Lead_WithinTheTeamsBudget_GivesAndRaises_AndNotBeyond()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        var lead = await LeadAsync(api, team);
        await api.MadeAsync("/api/budgets", $$"""{"scope_kind":"team","scope_id":"{{team}}","period":"monthly","cap_usd":100}""");
        var create = portal.Get<CreateBudget>();
        CreateBudgetRequest OfKey(long nano) => new() { ScopeKind = "key", ScopeId = key.ToString(), Period = "monthly", CapNanoUsd = nano };
        Assert.IsType<Failure.Invalid>((await create.RunAsync(lead, OfKey(100_000_000_001), default)).Failure);
        var given = (await create.RunAsync(lead, OfKey(60_000_000_000), default)).Value;
        var raise = portal.Get<RaiseBudget>();
        RaiseBudgetRequest By(long nano) => new() { AmountNanoUsd = nano, Until = PortalHost.Now().AddDays(1), Reason = "r" };
        Assert.True((await raise.RunAsync(lead, given.Id, By(40_000_000_000), default)).Succeeded);
        Assert.IsType<Failure.Invalid>((await raise.RunAsync(lead, given.Id, By(1), default)).Failure);

        // What admins set for the team itself, a lead may lower only.
        var ofTeam = (await api.ItemsAsync("/api/budgets?scope_kind=team"))[0].Id();
        Assert.IsType<Failure.Forbidden>((await raise.RunAsync(lead, ofTeam, By(1), default)).Failure);
        var update = portal.Get<UpdateBudget>();
        Assert.IsType<Failure.Invalid>((await update.RunAsync(lead, ofTeam, new() { CapNanoUsd = 100_000_000_001 }, default)).Failure);
        Assert.IsType<Failure.Invalid>((await update.RunAsync(lead, ofTeam, new() { CapNanoUsd = 1, OnExceeded = BudgetActions.Soft }, default)).Failure);
        Assert.True((await update.RunAsync(lead, ofTeam, new() { CapNanoUsd = 90_000_000_000 }, default)).Succeeded);
        Assert.IsType<Failure.Invalid>((await update.RunAsync(lead, ofTeam, new() { CapNanoUsd = 100_000_000_000 }, default)).Failure);
        Assert.IsType<Failure.Invalid>((await portal.Get<DeleteBudget>().RunAsync(lead, ofTeam, default)).Failure);
    }

    [Fact]
    public async Task Lead_UnderADefault_DoesNotLiftItByAnOwnBudget()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        await portal.ExecuteAsync($"update virtual_keys set user_id = 'alice' where id = '{key}'");
        var lead = await LeadAsync(api, team);
        await api.MadeAsync("/api/budgets", """{"scope_kind":"key","period":"daily","cap_usd":1}""");
        var create = portal.Get<CreateBudget>();
        // Another period would put the default out of force.
        Assert.IsType<Failure.Invalid>((await create.RunAsync(lead, new() { ScopeKind = "key", ScopeId = key.ToString(), Period = "total", CapNanoUsd = 1 }, default)).Failure);
        Assert.IsType<Failure.Invalid>((await create.RunAsync(lead, new() { ScopeKind = "key", ScopeId = key.ToString(), Period = "daily", CapNanoUsd = 1_000_000_001 }, default)).Failure);
        var own = (await create.RunAsync(lead, new() { ScopeKind = "key", ScopeId = key.ToString(), Period = "daily", CapNanoUsd = 5 }, default)).Value;
        Assert.True((await portal.Get<UpdateBudget>().RunAsync(lead, own.Id, new() { CapNanoUsd = 6 }, default)).Succeeded);
        Assert.True((await portal.Get<DeleteBudget>().RunAsync(lead, own.Id, default)).Succeeded);

        // A user whom a key of the team is pinned to is the lead's; any other name is not, and neither is a default.
        Assert.True((await create.RunAsync(lead, new() { ScopeKind = "user", ScopeId = "alice", Period = "daily", CapNanoUsd = 5 }, default)).Succeeded);
        Assert.IsType<Failure.Forbidden>((await create.RunAsync(lead, new() { ScopeKind = "user", ScopeId = "bob", Period = "daily", CapNanoUsd = 5 }, default)).Failure);
        Assert.IsType<Failure.Forbidden>((await create.RunAsync(lead, new() { ScopeKind = "user", Period = "daily", CapNanoUsd = 5 }, default)).Failure);
        Assert.IsType<Failure.Forbidden>((await create.RunAsync(lead, new() { ScopeKind = "organisation", Period = "daily", CapNanoUsd = 5 }, default)).Failure);
        Assert.IsType<Failure.Forbidden>((await create.RunAsync(lead, new() { ScopeKind = "global", Period = "daily", CapNanoUsd = 5 }, default)).Failure);
    }

    private async Task<AspireGateway.Portal.Security.Actor> LeadAsync(PortalApi api, Guid team)
    {
        var id = await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team);
        await using var db = portal.Db();
        return PortalHost.Actor(Roles.TeamLead, api.Organisation, id, team) with { Name = (await db.Users.FindAsync(id))!.Email };
    }
}
