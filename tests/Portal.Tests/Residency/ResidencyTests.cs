using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Residency;

/// <summary>Rules of residency, and regions of teams and keys.</summary>
public sealed class ResidencyTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Residency_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, rule) = await api.PutAsync("/api/residency", """{"scope_kind":"data_class","scope_id":"health","regions":["EU-*","eu-*"," eu-west-3 "]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["created_at", "created_by", "id", "regions", "scope_id", "scope_kind"], rule!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal("""["eu-*","eu-west-3"]""", rule["regions"]!.ToJsonString());

        var (_, replaced) = await api.PutAsync("/api/residency", """{"scope_kind":"data_class","scope_id":"health","regions":["eu-north-1"]}""");
        Assert.Equal(rule.Id(), replaced.Id());
        await api.PutAsync("/api/residency", """{"scope_kind":"organisation","regions":["eu-*"]}""");
        Assert.Equal(2, (await api.ItemsAsync("/api/residency")).Count);

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/residency/{rule.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"/api/residency/{rule.Id()}")).Status);
        Assert.Equal(["residency.delete", "residency.update", "residency.create"], (await api.ItemsAsync($"/api/audit?target_id={rule.Id()}")).Select(a => a.Text("action")));
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'residency' and entity_id = '{rule.Id()}'"));
    }

    [Theory]
    [InlineData("""{"scope_kind":"team","scope_id":"x","regions":["eu"]}""", "scope_kind")]
    [InlineData("""{"scope_kind":"organisation","scope_id":"x","regions":["eu"]}""", "scope_id")]
    [InlineData("""{"scope_kind":"user","regions":["eu"]}""", "scope_id")]
    [InlineData("""{"scope_kind":"data_class","scope_id":"a,b","regions":["eu"]}""", "scope_id")]
    [InlineData("""{"scope_kind":"organisation","regions":[]}""", "regions")]
    [InlineData("""{"scope_kind":"organisation","regions":["eu west"]}""", "regions")]
    public async Task Residency_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, problem) = await api.PutAsync("/api/residency", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(field, problem!["errors"]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public async Task Regions_OfTeamsAndKeys_AreSetReadAndKeptByRotation()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.MadeAsync("/api/teams", """{"name":"Clinic","allowed_regions":["EU-*"]}""");
        Assert.Equal("""["eu-*"]""", team["allowed_regions"]!.ToJsonString());
        var (_, changed) = await api.PutAsync($"/api/teams/{team.Id()}", """{"name":"Clinic","allowed_regions":["eu-*","us-east-1"]}""");
        Assert.Equal("""["eu-*","us-east-1"]""", changed!["allowed_regions"]!.ToJsonString());
        Assert.Equal("""["eu-*","us-east-1"]""", (await api.ItemsAsync("/api/teams")).Single(t => t.Id() == team.Id())["allowed_regions"]!.ToJsonString());

        var issued = await api.MadeAsync("/api/keys", $$"""{"team_id":"{{team.Id()}}","name":"ward","allowed_regions":["eu-west-3"]}""");
        Assert.Equal("""["eu-west-3"]""", issued["key"]!["allowed_regions"]!.ToJsonString());
        await api.MadeAsync($"/api/keys/{issued["key"]!.Id()}/rotate", "{}");
        Assert.All(await api.ItemsAsync($"/api/keys?team={team.Id()}"), k => Assert.Equal("""["eu-west-3"]""", k["allowed_regions"]!.ToJsonString()));
        Assert.Equal(["allowed_regions"], await api.FaultsAsync("/api/keys", $$"""{"team_id":"{{team.Id()}}","name":"other","allowed_regions":["?"]}"""));
    }
}
