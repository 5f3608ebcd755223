using System.Net;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.KillSwitches;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.KillSwitches;

/// <summary>Stops and their release.</summary>
public sealed class KillSwitchesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task KillSwitches_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var key = await api.KeyAsync(await api.TeamAsync("T"), "runaway");
        var stop = await api.MadeAsync("/api/kill-switches", """{"scope_kind":"key","scope_id":"runaway","reason":"A loop."}""");
        Assert.Equal(key.ToString(), stop.Text("scope_id"));
        Assert.Equal(["created_at", "created_by", "id", "reason", "scope_id", "scope_kind"], stop.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/kill-switches", """{"scope_kind":"key","scope_id":"runaway","reason":"Again."}""")).Status);
        await api.MadeAsync("/api/kill-switches", """{"scope_kind":"organisation","reason":"All of it."}""");
        Assert.Equal(["reason", "scope_id"], await api.FaultsAsync("/api/kill-switches", """{"scope_kind":"team"}"""));
        Assert.Equal("runaway", Assert.Single(await api.ItemsAsync("/api/kill-switches?scope_kind=key")).Text("scope_name"));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/kill-switches/{stop.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"/api/kill-switches/{stop.Id()}")).Status);
        Assert.Equal(["kill_switch.release", "kill_switch.throw"], (await api.ItemsAsync($"/api/audit?target_id={stop.Id()}")).Select(a => a.Text("action")));
        Assert.Equal(2, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'kill_switch' and entity_id = '{stop.Id()}'"));
    }

    [Fact]
    public async Task Release_ByALeadOfWhatWasStoppedFromAbove_IsForbidden()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var reviewer = PortalHost.Actor(Roles.SecurityReviewer, api.Organisation);
        var stop = (await portal.Get<ThrowKillSwitch>().RunAsync(reviewer, new() { ScopeKind = "team", ScopeId = team.ToString(), Reason = "Leak." }, default)).Value;
        var lead = PortalHost.Actor(Roles.TeamLead, api.Organisation, await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team), team);
        Assert.IsType<Failure.Forbidden>((await portal.Get<ReleaseKillSwitch>().RunAsync(lead, stop.Id, default)).Failure);
        Assert.Single((await portal.Get<KillSwitchesQuery>().RunAsync(lead, new(), default)).Value.Items);
        Assert.True((await portal.Get<ReleaseKillSwitch>().RunAsync(reviewer, stop.Id, default)).Succeeded);
    }

    [Fact]
    public async Task Global_ByAnyoneButAnOperator_IsForbidden()
    {
        var organisation = await portal.AddOrganisationAsync();
        foreach (var role in Roles.All.Where(r => r != Roles.Operator))
            Assert.IsType<Failure.Forbidden>((await portal.Get<ThrowKillSwitch>().RunAsync(
                PortalHost.Actor(role, organisation), new() { ScopeKind = "global", Reason = "r" }, default)).Failure);
    }
}
