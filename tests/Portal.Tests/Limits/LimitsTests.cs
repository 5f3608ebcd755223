using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Limits;

/// <summary>Limits through HTTP: their life, what is refused, and the ceiling of a team.</summary>
public sealed class LimitsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Limits_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Blue Team");
        await api.ModelAsync("cheap");
        var limit = await api.MadeAsync("/api/limits", $$"""
            {"scope_kind":"team","scope_id":"{{team.ToString().ToUpperInvariant()}}","unit":"requests","amount":60,"period":"minute","burst":5,"on_limit":"queue","queue_ms":2000}
            """);
        Assert.Equal(team.ToString(), limit.Text("scope_id"));
        Assert.Equal(
            ["amount", "burst", "created_at", "created_by", "downgrade_model", "id", "on_limit", "period", "queue_ms", "scope_id", "scope_kind", "unit"],
            limit.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/limits", """{"scope_kind":"team","scope_id":"blue-team","unit":"requests","amount":1,"period":"minute"}""")).Status);
        await api.MadeAsync("/api/limits", """{"scope_kind":"team","scope_id":"Blue Team","unit":"requests","amount":900,"period":"hour"}""");
        await api.MadeAsync("/api/limits", """{"scope_kind":"user","unit":"tokens","amount":10000,"period":"day"}""");
        var ofModel = await api.MadeAsync("/api/limits", """{"scope_kind":"model","scope_id":"cheap-alias","unit":"concurrency","amount":3}""");
        Assert.Equal("cheap", ofModel.Text("scope_id"));

        var id = limit.Id();
        var (_, changed) = await api.PutAsync($"/api/limits/{id}", """{"amount":30,"on_limit":"downgrade","downgrade_model":"cheap"}""");
        Assert.Equal((30, "downgrade", "cheap"), (changed!["amount"]!.GetValue<long>(), changed.Text("on_limit"), changed.Text("downgrade_model")));
        Assert.Null(changed["queue_ms"]);
        var (_, row) = await api.GetAsync($"/api/limits/{id}");
        Assert.Equal("Blue Team", row.Text("scope_name"));
        Assert.Equal(["hour", "minute"], (await api.ItemsAsync($"/api/limits?scope_kind=team&scope_id={team}")).Select(l => l.Text("period")));
        var (_, first) = await api.GetAsync("/api/limits?limit=3");
        Assert.Single(await api.ItemsAsync($"/api/limits?limit=3&after={first.Text("next")}"));

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/limits/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/limits/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"/api/limits/{id}")).Status);
        var trail = await api.ItemsAsync($"/api/audit?target_id={id}");
        Assert.Equal(["limit.delete", "limit.update", "limit.create"], trail.Select(a => a.Text("action")));
        Assert.Equal(60, trail[1]["before"]!["amount"]!.GetValue<long>());
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'limit' and entity_id = '{id}'"));
    }

    [Theory]
    [InlineData("""{}""", "amount", "scope_kind", "unit")]
    [InlineData("""{"scope_kind":"moon","unit":"smiles","amount":0}""", "amount", "scope_kind", "unit")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1}""", "period")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"year"}""", "period")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":10,"period":"day","burst":11}""", "burst")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1000000000001,"period":"day"}""", "amount")]
    [InlineData("""{"scope_kind":"organisation","unit":"concurrency","amount":1,"period":"day","burst":1}""", "burst", "period")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"day","on_limit":"clamp"}""", "on_limit")]
    [InlineData("""{"scope_kind":"organisation","unit":"output_tokens","amount":1,"on_limit":"queue","queue_ms":5}""", "on_limit")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"day","on_limit":"queue"}""", "queue_ms")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"day","on_limit":"queue","queue_ms":600001}""", "queue_ms")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"day","queue_ms":5}""", "queue_ms")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"day","on_limit":"downgrade"}""", "downgrade_model")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"day","downgrade_model":"x"}""", "downgrade_model")]
    [InlineData("""{"scope_kind":"organisation","unit":"requests","amount":1,"period":"day","on_limit":"downgrade","downgrade_model":"nope"}""", "downgrade_model")]
    [InlineData("""{"scope_kind":"organisation","scope_id":"another","unit":"concurrency","amount":1}""", "scope_id")]
    [InlineData("""{"scope_kind":"global","scope_id":"x","unit":"concurrency","amount":1}""", "scope_id")]
    [InlineData("""{"scope_kind":"global","unit":"concurrency","amount":1,"on_limit":"downgrade","downgrade_model":"m"}""", "on_limit")]
    [InlineData("""{"scope_kind":"team","scope_id":"no-such","unit":"concurrency","amount":1}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","scope_id":"00000000-0000-7000-8000-000000000001","unit":"concurrency","amount":1}""", "scope_id")]
    [InlineData("""{"scope_kind":"deployment","scope_id":"no-such","unit":"concurrency","amount":1}""", "scope_id")]
    [InlineData("""{"scope_kind":"deployment","unit":"output_tokens","amount":1}""", "unit")]
    [InlineData("""{"scope_kind":"model","scope_id":"no-such","unit":"concurrency","amount":1}""", "scope_id")]
    public async Task Limit_ThatMakesNoSense_IsRefusedByField(string body, params string[] fields)
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal(fields, await api.FaultsAsync("/api/limits", body));
    }

    [Fact]
    public async Task Limit_OfANameThatIsTooLong_IsRefused()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.MadeAsync("/api/limits", $$"""{"scope_kind":"user","scope_id":"{{new string('u', 128)}}","unit":"concurrency","amount":1}""");
        Assert.Equal(["scope_id"], await api.FaultsAsync("/api/limits", $$"""{"scope_kind":"user","scope_id":"{{new string('u', 129)}}","unit":"concurrency","amount":1}"""));
    }

    [Fact]
    public async Task Limit_OfAKeyNameThatTwoTeamsHave_AsksForTheId()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.KeyAsync(await api.TeamAsync("A"), "same");
        var second = await api.KeyAsync(await api.TeamAsync("B"), "same");
        Assert.Equal(["scope_id"], await api.FaultsAsync("/api/limits", """{"scope_kind":"key","scope_id":"same","unit":"concurrency","amount":1}"""));
        await api.MadeAsync("/api/limits", $$"""{"scope_kind":"key","scope_id":"{{second}}","unit":"concurrency","amount":1}""");
    }

    [Fact]
    public async Task Global_SetByAnOperator_IsTheInstallations()
    {
        var api = await PortalApi.StartAsync(portal);
        var made = await api.MadeAsync("/api/limits", """{"scope_kind":"global","unit":"tokens","amount":1000,"period":"second"}""");
        Assert.Equal(Guid.Empty, await portal.ScalarAsync<Guid>($"select organisation_id from limits where id = '{made.Id()}'"));
        // Several organisations, none named: the installation's rows are reached all the same.
        await portal.AddOrganisationAsync();
        Assert.Equal(HttpStatusCode.OK, (await portal.Api.PutAsync($"/api/limits/{made.Id()}", """{"amount":2000}""")).Status);
        Assert.Contains(await api.ItemsAsync("/api/limits?scope_kind=global"), l => l.Id() == made.Id());
        Assert.Contains(await api.ItemsAsync($"/api/audit?target_id={made.Id()}"), a => a.Text("action") == "limit.update");
        Assert.Equal(HttpStatusCode.NoContent, (await portal.Api.RemoveAsync($"/api/limits/{made.Id()}")).Status);
    }

    [Fact]
    public async Task KeysLimit_AboveItsTeams_IsRefused_AndATeamMayBeLoweredBelowItsKeys()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        var ofTeam = await api.MadeAsync("/api/limits", $$"""{"scope_kind":"team","scope_id":"{{team}}","unit":"requests","amount":60,"period":"minute"}""");
        Assert.Equal(["amount"], await api.FaultsAsync("/api/limits", $$"""{"scope_kind":"key","scope_id":"{{key}}","unit":"requests","amount":61,"period":"minute"}"""));
        var ofKey = await api.MadeAsync("/api/limits", $$"""{"scope_kind":"key","scope_id":"{{key}}","unit":"requests","amount":60,"period":"minute"}""");
        await api.MadeAsync("/api/limits", $$"""{"scope_kind":"key","scope_id":"{{key}}","unit":"requests","amount":99999,"period":"day"}""");
        Assert.Equal(HttpStatusCode.BadRequest, (await api.PutAsync($"/api/limits/{ofKey.Id()}", """{"amount":61}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/limits/{ofTeam.Id()}", """{"amount":10}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"/api/limits/{ofKey.Id()}", """{"amount":9}""")).Status);
        // A tier is a set of limits: the same ceiling.
        Assert.Equal(["tier"], (await api.PutAsync("/api/tiers/assignments", $$"""{"scope_kind":"key","scope_id":"{{key}}","tier":"Standard"}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync("/api/tiers/assignments", $$"""{"scope_kind":"key","scope_id":"{{key}}","tier":"Free"}""")).Status);
    }
}
