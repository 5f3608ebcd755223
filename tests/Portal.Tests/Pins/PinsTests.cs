using System.Net;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Webhooks;
using Npgsql;

namespace AspireGateway.Portal.Tests.Pins;

/// <summary>Version pins and what is told of them.</summary>
public sealed class PinsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Pins_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var deployment = await api.ModelAsync("fast");
        var team = await api.TeamAsync("T");
        var pin = await api.MadeAsync("/api/pins", """{"scope_kind":"team","scope_id":"T","model":"fast-alias","deployment":"d-fast","version":"m-2026-01-01"}""");
        Assert.Equal(
            ["created_at", "created_by", "deployment_id", "id", "model", "on_unavailable", "scope_id", "scope_kind", "served_as", "version"],
            pin.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal((team.ToString(), "fast", "fail", deployment), (pin.Text("scope_id"), pin.Text("model"), pin.Text("on_unavailable"), pin.Id("deployment_id")));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/pins", $$"""{"scope_kind":"team","scope_id":"{{team}}","model":"fast","deployment":"d-fast"}""")).Status);

        // Without a version it is the one that the deployment asks for now.
        var everybody = await api.MadeAsync("/api/pins", $$"""{"scope_kind":"model","model":"fast","deployment":"{{deployment}}","on_unavailable":"allow"}""");
        Assert.Equal(("m", "allow"), (everybody.Text("version"), everybody.Text("on_unavailable")));
        var (_, changed) = await api.PutAsync($"/api/pins/{pin.Id()}", """{"deployment":"d-fast","version":"m-2026-02-02","served_as":"M"}""");
        Assert.Equal(("m-2026-02-02", "M"), (changed.Text("version"), changed.Text("served_as")));
        Assert.Equal(["d-fast", "d-fast"], (await api.ItemsAsync("/api/pins")).Select(p => p.Text("deployment")));

        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/deployments/{deployment}")).Status);
        var model = (await api.ItemsAsync("/api/models")).Single().Id();
        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/models/{model}")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/pins/{pin.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/pins/{pin.Id()}")).Status);
        Assert.Equal(["pin.delete", "pin.update", "pin.create"], (await api.ItemsAsync($"/api/audit?target_id={pin.Id()}")).Select(a => a.Text("action")));
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'pin' and entity_id = '{pin.Id()}'"));
    }

    [Fact]
    public async Task Pin_OfARule_NamesIt_AndKeepsItFromGoingElsewhere()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        await api.ModelAsync("slow");
        var rule = (await api.MadeAsync("/api/rules", """{"name":"to-fast","then":{"model":"fast-alias"}}""")).Id();
        var pin = await api.MadeAsync("/api/pins", """{"scope_kind":"rule","scope_id":"to-fast","model":"fast","deployment":"d-fast","version":"v"}""");
        Assert.Equal(("rule", rule.ToString()), (pin.Text("scope_kind"), pin.Text("scope_id")));
        Assert.Equal("to-fast", (await api.ItemsAsync("/api/pins")).Single().Text("scope_name"));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/pins", $$"""{"scope_kind":"rule","scope_id":"{{rule}}","model":"fast-alias","deployment":"d-slow"}""")).Status);

        // A pin that could never hold is none.
        Assert.Equal(["model"], await api.FaultsAsync("/api/pins", """{"scope_kind":"rule","scope_id":"to-fast","model":"slow","deployment":"d-slow"}"""));
        await api.MadeAsync("/api/rules", """{"name":"no","then":{"deny":"No."}}""");
        await api.MadeAsync("/api/rules", """{"name":"one","then":{"deployment":"d-fast"}}""");
        foreach (var name in (string[])["no", "one"])
            Assert.Equal(["model"], await api.FaultsAsync("/api/pins", $$"""{"scope_kind":"rule","scope_id":"{{name}}","model":"fast","deployment":"d-fast"}"""));
        Assert.Equal(["scope_id"], await api.FaultsAsync("/api/pins", """{"scope_kind":"rule","scope_id":"nothing","model":"fast","deployment":"d-fast"}"""));
        var ordering = await api.MadeAsync("/api/rules", """{"name":"ordering","then":{"strategy":"cheapest"}}""");
        await api.MadeAsync("/api/pins", $$"""{"scope_kind":"rule","scope_id":"{{ordering.Id()}}","model":"slow","deployment":"d-slow"}""");

        var (elsewhere, why) = await api.PutAsync($"/api/rules/{rule}", """{"name":"to-fast","then":{"model":"slow"}}""");
        Assert.Equal((HttpStatusCode.Conflict, "Its requests for model fast are pinned, and they would not go there any more. Delete that pin first."), (elsewhere, why.Text("detail")));
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/rules/{rule}", """{"name":"to-fast","then":{"strategy":"cheapest"}}""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/rules/{rule}")).Status);
        var model = (await api.ItemsAsync("/api/models")).Single(m => m.Text("name") == "fast").Id();
        Assert.Contains("the pin of rule to-fast", (await api.DeleteAsync($"/api/models/{model}")).Body.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/pins/{pin.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/rules/{rule}")).Status);
    }

    [Theory]
    [InlineData("""{"scope_kind":"rule","model":"fast","deployment":"d-fast"}""", "scope_id")]
    [InlineData("""{"scope_kind":"user","scope_id":"u","model":"fast","deployment":"d-fast"}""", "scope_kind")]
    [InlineData("""{"scope_kind":"model","scope_id":"u","model":"fast","deployment":"d-fast"}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","model":"fast","deployment":"d-fast"}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","scope_id":"nobody","model":"fast","deployment":"d-fast"}""", "scope_id")]
    [InlineData("""{"scope_kind":"model","model":"slow","deployment":"d-fast"}""", "model")]
    [InlineData("""{"scope_kind":"model","model":"fast","deployment":"d-slow"}""", "deployment")]
    [InlineData("""{"scope_kind":"model","model":"fast","deployment":"d-fast","on_unavailable":"pray"}""", "on_unavailable")]
    public async Task Pin_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        Assert.Equal([field], await api.FaultsAsync("/api/pins", body));
    }

    [Fact]
    public async Task Rotation_OfAKey_TakesItsPinsAlong()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var key = await api.KeyAsync(await api.TeamAsync("T"), "app");
        await api.MadeAsync("/api/pins", $$"""{"scope_kind":"key","scope_id":"{{key}}","model":"fast","deployment":"d-fast","version":"v"}""");
        var next = (await api.MadeAsync($"/api/keys/{key}/rotate", "{}"))["key"].Id();
        Assert.Contains((next.ToString(), "v"), (await api.ItemsAsync("/api/pins")).Select(p => (p.Text("scope_id"), p.Text("version"))));
    }

    [Fact]
    public async Task Mismatch_WrittenByAGateway_IsAuditedAndSentOnce()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var pin = (await api.MadeAsync("/api/pins", """{"scope_kind":"model","model":"fast","deployment":"d-fast","version":"v"}""")).Id();
        await api.MadeAsync("/api/webhooks", """{"name":"w","url":"https://hooks.example.org","events":["pin.mismatch"]}""");
        await portal.ScalarAsync<Guid>($$"""
            insert into steering_events (id, organisation_id, type, subject_id, occurrence, detail, at)
            values ('{{Guid.CreateVersion7()}}', '{{api.Organisation}}', 'pin.mismatch', '{{pin}}', 'x', '{"model":"fast","expected":"v","served":"w"}', now()) returning id
            """);
        var announcer = new WebhookAnnouncer(portal.Get<NpgsqlDataSource>(), TimeProvider.System);
        await announcer.AnnounceAsync(default);
        await announcer.AnnounceAsync(default);

        var entry = Assert.Single(await api.ItemsAsync($"/api/audit?target_id={pin}"), a => a.Text("action") == "pin.mismatch");
        Assert.Equal("gateway", entry.Text("actor"));
        Assert.Equal("w", await portal.ScalarAsync<string>($"select payload -> 'data' ->> 'served' from webhook_deliveries where organisation_id = '{api.Organisation}'"));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where organisation_id = '{api.Organisation}'"));
        Assert.Equal("w", (await api.ItemsAsync("/api/pins")).Single().Text("mismatch_served"));
    }
}
