using System.Net;
using AspireGateway.Portal.Approvals;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Tests.Approvals;

/// <summary>Deciding what gateways ask.</summary>
public sealed class ApprovalsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Grant_WithoutMore_IsOnceForADayUpToTheWorstCase()
    {
        var api = await PortalApi.StartAsync(portal);
        var key = await api.KeyAsync(await api.TeamAsync("T"), "k");
        var ticket = await AskAsync(api.Organisation, key);
        var before = PortalHost.Now();
        var (status, granted) = await api.PostAsync($"/api/approvals/{ticket}/grant");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("granted", true, "2.5", "admin-token"), (granted.Text("status"), granted!["once"]!.GetValue<bool>(), granted.Text("ceiling_usd"), granted.Text("decided_by")));
        Assert.InRange(granted["valid_until"]!.GetValue<DateTimeOffset>(), before.AddHours(24), PortalHost.Now().AddHours(24));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'approval' and entity_id = '{ticket}'"));
        Assert.Equal("approval.grant", Assert.Single(await api.ItemsAsync($"/api/audit?target_id={ticket}")).Text("action"));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync($"/api/approvals/{ticket}/deny", """{"reason":"late"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync($"/api/approvals/{Guid.NewGuid()}/grant")).Status);
    }

    [Fact]
    public async Task Grant_WithMore_SaysHowFarItGoes()
    {
        var api = await PortalApi.StartAsync(portal);
        var ticket = await AskAsync(api.Organisation, await api.KeyAsync(await api.TeamAsync("T"), "k"));
        Assert.Equal(["ceiling_usd"], await api.FaultsAsync($"/api/approvals/{ticket}/grant", """{"ceiling_usd":0}"""));
        Assert.Equal(["valid_until"], await api.FaultsAsync($"/api/approvals/{ticket}/grant", """{"valid_until":"2001-01-01T00:00:00Z"}"""));
        Assert.Equal(["valid_until"], await api.FaultsAsync($"/api/approvals/{ticket}/grant", """{"valid_until":"2999-01-01T00:00:00Z"}"""));
        var until = PortalHost.Now().AddDays(7);
        var (_, granted) = await api.PostAsync($"/api/approvals/{ticket}/grant", $$"""{"once":false,"ceiling_usd":"10.25","valid_until":"{{until:O}}","reason":"Evaluation week"}""");
        Assert.Equal((false, 10_250_000_000, until), (granted!["once"]!.GetValue<bool>(), granted["ceiling_nano_usd"]!.GetValue<long>(), granted["valid_until"]!.GetValue<DateTimeOffset>()));
    }

    [Fact]
    public async Task List_ByStatusAndTeam_ShowsWhatAnApproverMaySee()
    {
        var api = await PortalApi.StartAsync(portal);
        var (mine, other) = (await api.TeamAsync("Mine"), await api.TeamAsync("Other"));
        var (first, second) = (await AskAsync(api.Organisation, await api.KeyAsync(mine, "a")), await AskAsync(api.Organisation, await api.KeyAsync(other, "b")));
        await api.PostAsync($"/api/approvals/{first}/deny", """{"reason":"Too dear."}""");
        Assert.Equal("b", Assert.Single(await api.ItemsAsync("/api/approvals?status=pending")).Text("key_name"));
        Assert.Equal("Too dear.", Assert.Single(await api.ItemsAsync($"/api/approvals?team_id={mine}")).Text("reason"));
        Assert.Equal(["status"], (await api.GetAsync("/api/approvals?status=maybe")).Body.Faults());
        Assert.Equal("Other", (await api.GetAsync($"/api/approvals/{second}")).Body.Text("team_name"));
        var lead = PortalHost.Actor(Roles.TeamLead, api.Organisation, await portal.AddUserAsync(api.Organisation, Roles.TeamLead, mine), mine);
        Assert.Equal(first, Assert.Single((await portal.Get<ApprovalsQuery>().RunAsync(lead, new(), default)).Value.Items).Id);
        Assert.Equal(["reason"], await api.FaultsAsync($"/api/approvals/{second}/deny", "{}"));
    }

    [Fact]
    public async Task Grant_OfTheOwnKeysRequest_IsForbidden()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        var user = await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team);
        await portal.ExecuteAsync($"update virtual_keys set owner_id = '{user}' where id = '{key}'");
        var ticket = await AskAsync(api.Organisation, key);
        foreach (var role in new[] { Roles.TeamLead, Roles.OrganisationAdmin, Roles.FinOps })
            Assert.IsType<Failure.Forbidden>((await portal.Get<GrantApproval>().RunAsync(PortalHost.Actor(role, api.Organisation, user, team), ticket, new(), default)).Failure);
    }

    private async Task<Guid> AskAsync(Guid organisation, Guid key)
    {
        await using var db = portal.Db();
        var team = (await db.VirtualKeys.FindAsync(key))!.TeamId;
        var approval = new Approval
        {
            Id = PortalHost.NewId(), OrganisationId = organisation, TeamId = team, KeyId = key, RecordId = PortalHost.NewId(), Model = "demo-large", ExpectedNanoUsd = 1_000_000_000,
            WorstCaseNanoUsd = 2_500_000_000, ThresholdNanoUsd = 500_000_000, RequestedAt = PortalHost.Now(),
        };
        db.Approvals.Add(approval);
        await db.SaveChangesAsync();
        return approval.Id;
    }
}
