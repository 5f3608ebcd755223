using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tests.Api;

/// <summary>Each noun from its creation to its end, through HTTP, with what is refused on the way.</summary>
public sealed class NounsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly string slug = $"o-{Guid.NewGuid().ToString("N")[..12]}";

    private HttpClient Api => portal.Api;

    [Fact]
    public async Task Organisations_Life_IsAsDocumented()
    {
        var (status, created) = await Api.PostAsync("/api/organizations", $$"""{"name":"Acme Ltd","slug":"{{slug}}","time_zone":"Europe/Berlin"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("Europe/Berlin", created.Text("time_zone"));
        Assert.Equal(HttpStatusCode.Conflict, (await Api.PostAsync("/api/organizations", $$"""{"name":"Again","slug":"{{slug}}"}""")).Status);
        var (bad, faults) = await Api.PostAsync("/api/organizations", """{"name":" ","slug":"Not A Slug","time_zone":"Mars/Base"}""");
        Assert.Equal(HttpStatusCode.BadRequest, bad);
        Assert.Equal(["name", "slug", "time_zone"], faults.Faults());

        Assert.Equal("Acme Ltd", (await Api.ReadAsync($"/api/organizations/current?organization={slug}")).Body.Text("name"));
        var (_, updated) = await Api.PutAsync($"/api/organizations/current?organization={slug}", """{"name":"Acme"}""");
        Assert.Equal("UTC", updated.Text("time_zone"));
        Assert.Equal(["default_model"], (await Api.PutAsync($"/api/organizations/current?organization={slug}", """{"name":"Acme","default_model":"nope"}""")).Body.Faults());
        Assert.Contains(Items((await Api.ReadAsync("/api/organizations?limit=200")).Body), o => o.Text("slug") == slug);
    }

    [Fact]
    public async Task Organisation_NotNamedAmongSeveral_IsAskedFor()
    {
        await portal.AddOrganisationAsync();
        await portal.AddOrganisationAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await Api.ReadAsync("/api/keys")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Api.PostAsync("/api/teams", """{"name":"x"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Api.ReadAsync("/api/keys?organization=no-such")).Status);
        await portal.AddOrganisationAsync(slug);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/keys");
        request.Headers.Add("x-organization", slug);
        Assert.Equal(HttpStatusCode.OK, (await Api.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Teams_Life_IsAsDocumented()
    {
        var at = await StartAsync();
        var (status, team) = await Api.PostAsync(at("/api/teams"), """{"name":"Blue Team","allowed_models":["gpt-*","gpt-*","openai/*"]}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("blue-team", team.Text("slug"));
        Assert.Equal(2, team!["allowed_models"]!.AsArray().Count);
        var id = team.Id();
        Assert.Equal("slug", Assert.Single((await Api.PostAsync(at("/api/teams"), """{"name":"Blue Team"}""")).Body.Faults()));
        Assert.Equal(["allowed_models", "name"], (await Api.PostAsync(at("/api/teams"), """{"slug":"x","allowed_models":["a b"]}""")).Body.Faults());
        Assert.Equal(["default_model"], (await Api.PutAsync(at($"/api/teams/{id}"), """{"name":"B","allowed_models":["a"],"default_model":"b"}""")).Body.Faults());

        var (_, changed) = await Api.PutAsync(at($"/api/teams/{id}"), """{"name":"Blue"}""");
        Assert.Empty(changed!["allowed_models"]!.AsArray());
        Assert.NotNull((await Api.PostAsync(at($"/api/teams/{id}/archive"))).Body!["archived_at"]);
        Assert.Empty(Items((await Api.ReadAsync(at("/api/teams"))).Body));
        Assert.Single(Items((await Api.ReadAsync(at("/api/teams?include_archived=true"))).Body));
        Assert.Equal(HttpStatusCode.Conflict, (await Api.PutAsync(at($"/api/teams/{id}"), """{"name":"Late"}""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Api.PostAsync(at("/api/keys"), $$"""{"team_id":"{{id}}","name":"k"}""")).Status);
        Assert.Null((await Api.PostAsync(at($"/api/teams/{id}/restore"))).Body!["archived_at"]);
        Assert.Equal("Blue", (await Api.ReadAsync(at($"/api/teams/{id}"))).Body.Text("name"));
        Assert.Equal(HttpStatusCode.NotFound, (await Api.ReadAsync(at($"/api/teams/{Guid.NewGuid()}"))).Status);
    }

    [Fact]
    public async Task Keys_Life_IsAsDocumented()
    {
        var at = await StartAsync();
        var team = (await Api.PostAsync(at("/api/teams"), """{"name":"T","allowed_models":["gpt-*"]}""")).Body.Id();
        var (status, issued) = await Api.PostAsync(at("/api/keys"), $$"""
            {"team_id":"{{team}}","name":"First","allowed_models":["gpt-4*"],"feature":"chat","max_body_bytes":2048,"expires_at":"2999-01-01T00:00:00+02:00"}
            """);
        Assert.Equal(HttpStatusCode.Created, status);
        var secret = issued.Text("secret");
        var id = issued!["key"].Id();
        Assert.StartsWith(issued["key"].Text("prefix"), secret, StringComparison.Ordinal);

        Assert.Equal(["name"], (await Api.PostAsync(at("/api/keys"), $$"""{"team_id":"{{team}}","name":"First"}""")).Body.Faults());
        Assert.Equal(["allowed_models"], (await Api.PostAsync(at("/api/keys"), $$"""{"team_id":"{{team}}","name":"x","allowed_models":["*"]}""")).Body.Faults());
        Assert.Equal(["allowed_models"], (await Api.PostAsync(at("/api/keys"), $$"""{"team_id":"{{team}}","name":"x","allowed_models":["claude"]}""")).Body.Faults());
        Assert.Equal(["default_model"], (await Api.PostAsync(at("/api/keys"), $$"""{"team_id":"{{team}}","name":"x","default_model":"claude"}""")).Body.Faults());
        Assert.Equal(
            ["expires_at", "max_body_bytes", "max_multipart_bytes", "name", "team_id"],
            (await Api.PostAsync(at("/api/keys"), """{"max_body_bytes":-1,"max_multipart_bytes":1,"expires_at":"2001-01-01T00:00:00Z"}""")).Body.Faults());

        var (_, updated) = await Api.PutAsync(at($"/api/keys/{id}"), """{"name":"Renamed","allowed_models":["gpt-4*"]}""");
        Assert.Null(updated!["expires_at"]);
        var (rotated, next) = await Api.PostAsync(at($"/api/keys/{id}/rotate"), """{"overlap_seconds":3600}""");
        Assert.Equal(HttpStatusCode.Created, rotated);
        Assert.NotEqual(secret, next.Text("secret"));
        Assert.Equal(id, next!["key"].Id("rotated_from_id"));
        Assert.Equal("retiring", (await Api.ReadAsync(at($"/api/keys/{id}"))).Body.Text("state"));
        Assert.Equal(HttpStatusCode.Conflict, (await Api.PostAsync(at($"/api/keys/{id}/rotate"))).Status);
        Assert.Equal(["overlap_seconds"], (await Api.PostAsync(at($"/api/keys/{next["key"].Id()}/rotate"), """{"overlap_seconds":99999999}""")).Body.Faults());

        Assert.Equal(1, (await Api.PostAsync(at($"/api/keys/{id}/revoke"))).Body!["revoked"]!.GetValue<int>());
        var before = await portal.RevisionAsync();
        Assert.Equal(1, (await Api.PostAsync(at($"/api/keys/{id}/revoke"))).Body!["already_revoked"]!.GetValue<int>());
        Assert.Equal(before, await portal.RevisionAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await Api.PutAsync(at($"/api/keys/{id}"), """{"name":"Late"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Api.PostAsync(at("/api/keys/revoke"), $$"""{"ids":["{{next["key"].Id()}}","{{Guid.NewGuid()}}"]}""")).Status);
        Assert.Equal("live", (await Api.ReadAsync(at($"/api/keys/{next["key"].Id()}"))).Body.Text("state"));
        Assert.Equal(2, (await Api.PostAsync(at("/api/keys/revoke"), $$"""{"ids":["{{next["key"].Id()}}","{{id}}"]}""")).Body!.AsObject().Sum(p => p.Value!.GetValue<int>()));
        Assert.Equal(["ids"], (await Api.PostAsync(at("/api/keys/revoke"), """{"ids":[]}""")).Body.Faults());

        await using var db = portal.Db();
        var row = await db.VirtualKeys.AsNoTracking().SingleAsync(k => k.Id == id);
        Assert.Equal(VirtualKeySecret.Hash(secret), row.SecretHash);
    }

    [Fact]
    public async Task Keys_List_PagesSearchesAndFilters()
    {
        var at = await StartAsync();
        var team = (await Api.PostAsync(at("/api/teams"), """{"name":"T"}""")).Body.Id();
        var other = (await Api.PostAsync(at("/api/teams"), """{"name":"U"}""")).Body.Id();
        var keys = new List<JsonNode>();
        for (var i = 0; i < 5; i++) keys.Add((await Api.PostAsync(at("/api/keys"), $$"""{"team_id":"{{(i < 4 ? team : other)}}","name":"Key {{i}}_%"}""")).Body!);
        await Api.PostAsync(at($"/api/keys/{keys[0]["key"].Id()}/revoke"));
        await portal.ExecuteAsync($"update virtual_keys set expires_at = now() - interval '1 hour' where id = '{keys[1]["key"].Id()}'");
        await portal.ExecuteAsync($"insert into key_activity values ('{keys[2]["key"].Id()}', '2026-01-02T03:04:05Z')");

        var (_, first) = await Api.ReadAsync(at("/api/keys?limit=2"));
        Assert.Equal(["Key 4_%", "Key 3_%"], Items(first).Select(k => k.Text("name")));
        var (_, second) = await Api.ReadAsync(at($"/api/keys?limit=2&after={first.Text("next")}"));
        Assert.Equal(["Key 2_%", "Key 1_%"], Items(second).Select(k => k.Text("name")));
        Assert.StartsWith("2026-01-02T03:04:05", Items(second)[0].Text("last_used_at"), StringComparison.Ordinal);
        var (_, last) = await Api.ReadAsync(at($"/api/keys?limit=2&after={second.Text("next")}"));
        Assert.Single(Items(last));
        Assert.Null(last!["next"]);

        Assert.Equal("Key 3_%", Assert.Single(Items((await Api.ReadAsync(at("/api/keys?search=kEY%203_%25"))).Body)).Text("name"));
        Assert.Empty(Items((await Api.ReadAsync(at("/api/keys?search=%25"))).Body));
        var pasted = Assert.Single(Items((await Api.ReadAsync(at($"/api/keys?search={keys[3].Text("secret")}"))).Body));
        Assert.Equal(keys[3]["key"].Id(), pasted.Id());
        Assert.Equal("Key 4_%", Assert.Single(Items((await Api.ReadAsync(at($"/api/keys?team_id={other}"))).Body)).Text("name"));
        Assert.Equal("Key 0_%", Assert.Single(Items((await Api.ReadAsync(at("/api/keys?state=revoked"))).Body)).Text("name"));
        Assert.Equal("Key 1_%", Assert.Single(Items((await Api.ReadAsync(at("/api/keys?state=expired"))).Body)).Text("name"));
        Assert.Equal(3, Items((await Api.ReadAsync(at("/api/keys?state=live"))).Body).Count);
        Assert.Equal(["state"], (await Api.ReadAsync(at("/api/keys?state=dead"))).Body.Faults());
        Assert.Equal(["after"], (await Api.ReadAsync(at("/api/keys?after=x"))).Body.Faults());
        Assert.Equal(["limit"], (await Api.ReadAsync(at("/api/keys?limit=x"))).Body.Faults());
    }

    [Fact]
    public async Task ProvidersAndCredentials_Life_IsAsDocumented()
    {
        var at = await StartAsync();
        var (status, provider) = await Api.PostAsync(at("/api/providers"), """{"name":"OpenAI","base_url":"https://api.openai.com/v1/"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("https://api.openai.com/v1", provider.Text("base_url"));
        var id = provider.Id();
        Assert.Equal(["slug"], (await Api.PostAsync(at("/api/providers"), """{"name":"OpenAI","base_url":"https://api.openai.com"}""")).Body.Faults());
        Assert.Equal(
            ["base_url", "connect_timeout_ms", "first_byte_timeout_ms", "idle_timeout_ms", "name", "protocol", "slug"],
            (await Api.PostAsync(at("/api/providers"), """{"protocol":"smoke","connect_timeout_ms":1,"first_byte_timeout_ms":1,"idle_timeout_ms":1}""")).Body.Faults());

        var (made, credential) = await Api.PostAsync(at("/api/credentials"), $$"""{"provider_id":"{{id}}","name":"main","secret":" sk-canary-0123456789abcd "}""");
        Assert.Equal(HttpStatusCode.Created, made);
        Assert.Equal("abcd", credential.Text("hint"));
        Assert.Equal(["name"], (await Api.PostAsync(at("/api/credentials"), $$"""{"provider_id":"{{id}}","name":"main","secret":"x"}""")).Body.Faults());
        Assert.Equal(["name", "provider_id", "secret"], (await Api.PostAsync(at("/api/credentials"), """{"secret":"a\nb"}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.NotFound, (await Api.PostAsync(at("/api/credentials"), $$"""{"provider_id":"{{Guid.NewGuid()}}","name":"x","secret":"x"}""")).Status);

        // The stored key must not follow the provider to another server.
        Assert.Equal(["base_url"], (await Api.PutAsync(at($"/api/providers/{id}"), """{"name":"OpenAI","base_url":"https://evil.example/v1"}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.OK, (await Api.PutAsync(at($"/api/providers/{id}"), """{"name":"OpenAI EU","base_url":"https://api.openai.com/v2"}""")).Status);
        Assert.Equal(["slug"], (await Api.PutAsync(at($"/api/providers/{id}"), """{"slug":"new","name":"OpenAI","base_url":"https://api.openai.com/v1"}""")).Body.Faults());

        var (_, replaced) = await Api.PutAsync(at($"/api/credentials/{credential.Id()}"), """{"secret":"sk-canary-0123456789wxyz"}""");
        Assert.Equal("wxyz", replaced.Text("hint"));
        await using (var db = portal.Db())
        {
            var row = await db.Credentials.AsNoTracking().SingleAsync(c => c.Id == credential.Id());
            Assert.Equal("sk-canary-0123456789wxyz", portal.Get<SecretBox>().Open(row.SecretEnvelope, row.Id));
        }
        var (_, listed) = await Api.ReadAsync(at($"/api/credentials?provider_id={id}"));
        Assert.Equal(["created_at", "deployments", "hint", "id", "name", "provider_id", "refused", "updated_at"], Assert.Single(Items(listed)).AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));

        var (_, deployment) = await Api.PostAsync(at("/api/deployments"), $$"""{"name":"d","provider_id":"{{id}}","credential_id":"{{credential.Id()}}","upstream_model":"m"}""");
        Assert.Equal(HttpStatusCode.Conflict, (await Api.RemoveAsync(at($"/api/credentials/{credential.Id()}"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Api.RemoveAsync(at($"/api/providers/{id}"))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Api.RemoveAsync(at($"/api/deployments/{deployment.Id()}"))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Api.RemoveAsync(at($"/api/providers/{id}"))).Status);
        Assert.Empty(Items((await Api.ReadAsync(at("/api/credentials"))).Body));
        Assert.Equal(HttpStatusCode.NotFound, (await Api.ReadAsync(at($"/api/providers/{id}"))).Status);
    }

    [Fact]
    public async Task DeploymentsPricesAndModels_Life_IsAsDocumented()
    {
        var at = await StartAsync();
        var provider = (await Api.PostAsync(at("/api/providers"), """{"name":"One","base_url":"https://one.example/v1"}""")).Body.Id();
        var second = (await Api.PostAsync(at("/api/providers"), """{"name":"Two","base_url":"https://two.example/v1"}""")).Body.Id();
        var foreign = (await Api.PostAsync(at("/api/credentials"), $$"""{"provider_id":"{{second}}","name":"c","secret":"s"}""")).Body.Id();
        Assert.Equal(["credential_id"], (await Api.PostAsync(at("/api/deployments"),
            $$"""{"name":"d","provider_id":"{{provider}}","credential_id":"{{foreign}}","upstream_model":"m"}""")).Body.Faults());
        Assert.Equal(["context_tokens", "name", "price.input", "provider_id", "upstream_model"], (await Api.PostAsync(at("/api/deployments"),
            """{"name":"a/b","context_tokens":0,"price":{"input":-1}}""")).Body.Faults());

        var (status, deployment) = await Api.PostAsync(at("/api/deployments"),
            $$"""{"price":{"input":150000000,"output":600000000},"name":"one-small","provider_id":"{{provider}}","upstream_model":"small","region":"eu"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        var id = deployment.Id();
        var fallback = (await Api.PostAsync(at("/api/deployments"), $$"""{"name":"two-small","provider_id":"{{second}}","upstream_model":"small"}""")).Body.Id();
        Assert.Equal(["name"], (await Api.PostAsync(at("/api/deployments"), $$"""{"name":"one-small","provider_id":"{{provider}}","upstream_model":"m"}""")).Body.Faults());
        Assert.True((await Api.PutAsync(at($"/api/deployments/{id}"), """{"name":"one-small","upstream_model":"small-2"}""")).Body!["is_enabled"]!.GetValue<bool>());
        Assert.False((await Api.PostAsync(at($"/api/deployments/{id}/disable"))).Body!["is_enabled"]!.GetValue<bool>());
        Assert.True((await Api.PostAsync(at($"/api/deployments/{id}/enable"))).Body!["is_enabled"]!.GetValue<bool>());

        // A newer price counts from its moment on; one of the past is refused.
        Assert.Equal(["valid_from"], (await Api.PostAsync(at("/api/prices"),
            $$$"""{"components":{"input":1},"valid_from":"2001-01-01T00:00:00Z","deployment_id":"{{{id}}}"}""")).Body.Faults());
        Assert.Equal(["components", "deployment_id"], (await Api.PostAsync(at("/api/prices"), "{}")).Body.Faults());
        Assert.Equal(HttpStatusCode.Created, (await Api.PostAsync(at("/api/prices"), $$$"""{"components":{"input":7,"output":9,"request":3},"deployment_id":"{{{id}}}"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await Api.PostAsync(at("/api/prices"),
            $$$"""{"components":{"input":8},"valid_from":"2999-01-01T00:00:00Z","deployment_id":"{{{id}}}"}""")).Status);
        Assert.Equal(3, Items((await Api.ReadAsync(at($"/api/prices?deployment_id={id}"))).Body).Count);
        Assert.Equal(7, (await Api.ReadAsync(at($"/api/deployments/{id}"))).Body!["price"]!["components"]!["input"]!.GetValue<long>());

        var (made, model) = await Api.PostAsync(at("/api/models"),
            $$"""{"name":"small","aliases":["gpt-x","tiny"],"deployments":[{"deployment_id":"{{id}}"},{"deployment_id":"{{fallback}}","weight":3}]}""");
        Assert.Equal(HttpStatusCode.Created, made);
        foreach (var taken in new[] { "small", "tiny" })
            Assert.Equal(["name"], (await Api.PostAsync(at("/api/models"), $$"""{"name":"{{taken}}","deployments":[{"deployment_id":"{{id}}"}]}""")).Body.Faults());
        Assert.Equal(["aliases"], (await Api.PostAsync(at("/api/models"), $$"""{"name":"n","aliases":["small"],"deployments":[{"deployment_id":"{{id}}"}]}""")).Body.Faults());
        Assert.Equal(["aliases", "deployments", "name", "strategy"], (await Api.PostAsync(at("/api/models"),
            """{"name":"a/b","strategy":"dice","aliases":["x","x"],"deployments":[]}""")).Body.Faults());
        Assert.Equal(HttpStatusCode.Conflict, (await Api.RemoveAsync(at($"/api/deployments/{id}"))).Status);

        var (_, swapped) = await Api.PutAsync(at($"/api/models/{model.Id()}"),
            $$"""{"name":"small","aliases":["tiny","mini"],"deployments":[{"deployment_id":"{{fallback}}"},{"deployment_id":"{{id}}"}]}""");
        Assert.Equal(["mini", "tiny"], swapped!["aliases"]!.AsArray().Select(a => a!.GetValue<string>()));
        var (_, row) = await Api.ReadAsync(at($"/api/models/{model.Id()}"));
        Assert.Equal(["two-small", "one-small"], row!["deployments"]!.AsArray().Select(d => d.Text("name")));
        Assert.Equal(7, row["deployments"]![1]!["price"]!["input"]!.GetValue<long>());

        // A default cannot lose its model.
        await Api.PutAsync(at("/api/organizations/current"), """{"name":"O","default_model":"mini"}""");
        Assert.True(Items((await Api.ReadAsync(at("/api/models"))).Body)[0]["is_default"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.Conflict, (await Api.RemoveAsync(at($"/api/models/{model.Id()}"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Api.PutAsync(at($"/api/models/{model.Id()}"), $$"""{"name":"small","deployments":[{"deployment_id":"{{id}}"}]}""")).Status);
        await Api.PutAsync(at("/api/organizations/current"), """{"name":"O"}""");
        Assert.Equal(HttpStatusCode.NoContent, (await Api.RemoveAsync(at($"/api/models/{model.Id()}"))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Api.RemoveAsync(at($"/api/deployments/{id}"))).Status);
    }

    [Fact]
    public async Task Audit_OfAKeysLife_TellsItFromTheLastChangeToTheFirst()
    {
        var at = await StartAsync();
        var team = (await Api.PostAsync(at("/api/teams"), """{"name":"T"}""")).Body.Id();
        var key = (await Api.PostAsync(at("/api/keys"), $$"""{"team_id":"{{team}}","name":"k"}""")).Body!["key"].Id();
        await Api.PutAsync(at($"/api/keys/{key}"), """{"name":"k2"}""");
        await Api.PostAsync(at($"/api/keys/{key}/revoke"));

        var (_, trail) = await Api.ReadAsync(at($"/api/audit?target_id={key}"));
        Assert.Equal(["virtual_key.revoke", "virtual_key.update", "virtual_key.issue"], Items(trail).Select(a => a.Text("action")));
        Assert.Equal("k", Items(trail)[1]["before"].Text("name"));
        Assert.Equal("k2", Items(trail)[1]["after"].Text("name"));
        Assert.All(Items(trail), a => Assert.Equal("admin-token", a.Text("actor")));
        Assert.Equal(2, Items((await Api.ReadAsync(at($"/api/audit?target_kind=virtual_key&limit=2"))).Body).Count);
        Assert.Single(Items((await Api.ReadAsync(at("/api/audit?target_kind=team"))).Body));
        Assert.Empty(Items((await Api.ReadAsync(at("/api/audit?actor=nobody"))).Body));
    }

    private async Task<Func<string, string>> StartAsync()
    {
        await portal.AddOrganisationAsync(slug);
        return path => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}organization={slug}";
    }

    private static List<JsonNode> Items(JsonNode? page) => [.. page!["items"]!.AsArray().Select(i => i!)];
}
