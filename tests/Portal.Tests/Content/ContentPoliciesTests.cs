using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Content;

/// <summary>Content policies through the API: set, replaced, refused, deleted, put back.</summary>
public sealed class ContentPoliciesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Path = "/api/content/policies";

    [Fact]
    public async Task Policy_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Empty(await api.ItemsAsync(Path));
        var team = await api.TeamAsync("Shop");
        var (status, policy) = await api.PutAsync(Path, """{"scope_kind":"team","scope_id":"Shop","settings":{"keep":"both","text":" sent ","retention_days":3650,"max_bytes":4194304,"required":true,"traces":true} }""");
        Assert.Equal((HttpStatusCode.OK, team.ToString()), (status, policy.Text("scope_id")));
        Assert.Equal("""{"keep":"both","text":"sent","retention_days":3650,"sample":null,"max_bytes":4194304,"required":true,"traces":true}""", policy!["settings"]!.ToJsonString());
        await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"keep":"prompts","sample":0.0001} }""");
        Assert.Equal(["organisation", "team"], (await api.ItemsAsync(Path)).Select(p => p.Text("scope_kind")));
        var (_, replaced) = await api.PutAsync(Path, $$"""{"scope_kind":"team","scope_id":"{{team}}","settings":{"keep":"off"} }""");
        Assert.Equal(policy.Id(), replaced.Id());

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        var changes = await api.ItemsAsync($"/api/audit?target_id={policy.Id()}");
        Assert.Equal(["content.delete", "content.update", "content.create"], changes.Select(a => a.Text("action")));
        // Gateways are told of each.
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'content' and entity_id = '{policy.Id()}'"));
        await api.PostAsync($"/api/audit/{changes[0].Id()}/undo", "{}");
        Assert.Equal("off", (await api.ItemsAsync(Path)).Single(p => p.Text("scope_kind") == "team")["settings"]!.Text("keep"));
    }

    [Theory]
    [InlineData("""{"scope_kind":"key","scope_id":"x","settings":{"keep":"both"}}""", "scope_kind")]
    [InlineData("""{"scope_kind":"organisation","scope_id":"x","settings":{"keep":"both"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"team","settings":{"keep":"both"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"team","scope_id":"no-such","settings":{"keep":"both"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"organisation"}""", "settings")]
    [InlineData("""{"scope_kind":"organisation","settings":{}}""", "settings.keep")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"all"}}""", "settings.keep")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","text":"plain"}}""", "settings.text")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","retention_days":0}}""", "settings.retention_days")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","retention_days":3651}}""", "settings.retention_days")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","sample":0}}""", "settings.sample")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","sample":1.1}}""", "settings.sample")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","sample":0.5,"required":true}}""", "settings.sample")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","max_bytes":1023}}""", "settings.max_bytes")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","max_bytes":4194305}}""", "settings.max_bytes")]
    [InlineData("""{"scope_kind":"organisation","settings":{"keep":"both","days":1}}""", "settings.days")]
    public async Task Policy_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, problem) = await api.PutAsync(Path, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.Faults());
    }
}
