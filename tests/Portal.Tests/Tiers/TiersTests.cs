using System.Net;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tiers;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Tiers;

/// <summary>Tiers and who has them.</summary>
public sealed class TiersTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Organisation_New_HasTheFourTemplates()
    {
        var api = await PortalApi.StartAsync(portal);
        var tiers = await api.ItemsAsync("/api/tiers");
        Assert.Equal(["Free", "Standard", "Premium", "Enterprise"], tiers.Select(t => t.Text("name")));
        Assert.Equal((300, 500_000, 50), (tiers[2]["requests_per_minute"]!.GetValue<long>(), tiers[2]["tokens_per_minute"]!.GetValue<long>(), tiers[2]["concurrency"]!.GetValue<long>()));
        Assert.Equal(4, (await api.ItemsAsync("/api/audit?target_kind=tier")).Count);
    }

    [Fact]
    public async Task Tiers_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var tier = await api.MadeAsync("/api/tiers", """{"name":"Batch","requests_per_minute":5}""");
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/tiers", """{"name":"Batch","concurrency":1}""")).Status);
        Assert.Equal(["name", "requests_per_minute"], await api.FaultsAsync("/api/tiers", "{}"));
        Assert.Equal(["concurrency"], await api.FaultsAsync("/api/tiers", """{"name":"x","concurrency":0}"""));
        Assert.Equal(7, (await api.PutAsync($"/api/tiers/{tier.Id()}", """{"name":"Batch 2","concurrency":7}""")).Body!["concurrency"]!.GetValue<long>());

        var (_, given) = await api.PutAsync("/api/tiers/assignments", """{"scope_kind":"team","scope_id":"t","tier":"Batch 2"}""");
        Assert.Equal((team.ToString(), tier.Id()), (given.Text("scope_id"), given.Id("tier_id")));
        var (_, replaced) = await api.PutAsync("/api/tiers/assignments", """{"scope_kind":"team","scope_id":"t","tier":"Free"}""");
        Assert.Equal(given.Id(), replaced.Id());
        await api.PutAsync("/api/tiers/assignments", $$"""{"scope_kind":"user","tier":"{{tier.Id()}}"}""");
        Assert.Equal(["scope_kind"], (await api.PutAsync("/api/tiers/assignments", """{"scope_kind":"model","scope_id":"m","tier":"Free"}""")).Body.Faults());
        Assert.Equal(["tier"], (await api.PutAsync("/api/tiers/assignments", """{"scope_kind":"team","scope_id":"t","tier":"Gold"}""")).Body.Faults());

        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/tiers/{tier.Id()}")).Status);
        var listed = await api.ItemsAsync("/api/tiers/assignments");
        Assert.Equal([("user", "Batch 2"), ("team", "Free")], listed.Select(a => (a.Text("scope_kind"), a.Text("tier_name"))));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync("/api/tiers/assignments?scope_kind=user")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync("/api/tiers/assignments?scope_kind=user")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/tiers/{tier.Id()}")).Status);
    }

    [Fact]
    public async Task Lead_GivingAKeyATier_StaysWithinWhatItHas()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        var lead = PortalHost.Actor(Roles.TeamLead, api.Organisation, await portal.AddUserAsync(api.Organisation, Roles.TeamLead, team), team);
        await api.PutAsync("/api/tiers/assignments", """{"scope_kind":"key","tier":"Standard"}""");
        var assign = portal.Get<AssignTier>();
        AssignTierRequest Of(string tier) => new() { ScopeKind = "key", ScopeId = key.ToString(), Tier = tier };
        Assert.IsType<Failure.Invalid>((await assign.RunAsync(lead, Of("Premium"), default)).Failure);
        Assert.True((await assign.RunAsync(lead, Of("Free"), default)).Succeeded);
        // An own limit would put the tier's out of force.
        var limit = await portal.Get<AspireGateway.Portal.Limits.CreateLimit>().RunAsync(
            lead, new() { ScopeKind = "key", ScopeId = key.ToString(), Unit = "requests", Period = "day", Amount = 1_000_000 }, default);
        Assert.IsType<Failure.Invalid>(limit.Failure);
    }
}
