using System.Net;
using AspireGateway.Portal.Tests.Host;

namespace AspireGateway.Portal.Tests.Caching;

/// <summary>Cache policies through the API: set, replaced, refused, deleted, put back.</summary>
public sealed class CachePoliciesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Path = "/api/caches";

    [Fact]
    public async Task Policy_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Empty(await api.ItemsAsync(Path));
        var team = await api.TeamAsync("Shop");
        var (status, policy) = await api.PutAsync(Path, """
            {"scope_kind":"team","scope_id":"Shop","settings":{"mode":"exact","scope":" organisation ","ttl_seconds":86400,"max_entry_bytes":1024,"serve_stale_seconds":604800,"temperature":"zero","tools":true} }
            """);
        Assert.Equal((HttpStatusCode.OK, team.ToString()), (status, policy.Text("scope_id")));
        Assert.Equal("""{"mode":"exact","scope":"organisation","ttl_seconds":86400,"max_entry_bytes":1024,"serve_stale_seconds":604800,"temperature":"zero","tools":true,"similarity":null,"embedder":null,"prefix":null,"prefix_ttl":null,"prefix_min_tokens":null}""", policy!["settings"]!.ToJsonString());
        Assert.Equal("Shop", (await api.GetAsync($"{Path}/{policy.Id()}")).Body.Text("scope_name"));

        var (_, replaced) = await api.PutAsync(Path, $$"""{"scope_kind":"team","scope_id":"{{team}}","settings":{"mode":"exact","serve_stale_seconds":0,"scope":""} }""");
        Assert.Equal(policy.Id(), replaced.Id());
        Assert.Null(replaced!["settings"]!["ttl_seconds"]);
        Assert.Null(replaced["settings"]!["serve_stale_seconds"]);
        var (_, semantic) = await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"mode":"semantic","similarity":0.95} }""");
        Assert.Equal(("semantic", 0.95), (semantic!["settings"]!.Text("mode"), (double)semantic["settings"]!["similarity"]!));
        var (_, marks) = await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"mode":"off","prefix":"auto","prefix_ttl":"1h","prefix_min_tokens":2048} }""");
        Assert.Equal(("auto", "1h", 2_048), (marks!["settings"]!.Text("prefix"), marks["settings"]!.Text("prefix_ttl"), (int)marks["settings"]!["prefix_min_tokens"]!));
        await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"mode":"off"} }""");
        // The organisation's own first, whenever it was set.
        Assert.Equal(["organisation", "team"], (await api.ItemsAsync(Path)).Select(p => p.Text("scope_kind")));
        var (_, first) = await api.GetAsync($"{Path}?limit=1");
        Assert.Equal([policy.Id()], (await api.ItemsAsync($"{Path}?after={first.Text("next")}")).Select(p => p.Id()));

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        Assert.Equal(["cache.delete", "cache.update", "cache.create"], (await api.ItemsAsync($"/api/audit?target_id={policy.Id()}")).Select(a => a.Text("action")));
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'cache' and entity_id = '{policy.Id()}'"));
    }

    [Theory]
    [InlineData("""{"scope_kind":"user","scope_id":"x","settings":{"mode":"exact"}}""", "scope_kind")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"off","prefix":"sometimes"}}""", "settings.prefix")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"off","prefix":"auto","prefix_ttl":"2h"}}""", "settings.prefix_ttl")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"off","prefix":"always","prefix_min_tokens":255}}""", "settings.prefix_min_tokens")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"off","prefix_min_tokens":2048}}""", "settings.prefix_min_tokens")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"off","prefix":"off","prefix_ttl":"1h"}}""", "settings.prefix_ttl")]
    [InlineData("""{"scope_kind":"organisation","scope_id":"x","settings":{"mode":"exact"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"team","settings":{"mode":"exact"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"team","scope_id":"no-such","settings":{"mode":"exact"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","scope_id":"0198a000-0000-7000-8000-000000000000","settings":{"mode":"exact"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"model","scope_id":"no-such","settings":{"mode":"exact"}}""", "scope_id")]
    [InlineData("""{"scope_kind":"organisation"}""", "settings")]
    [InlineData("""{"scope_kind":"organisation","settings":{}}""", "settings.mode")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"fuzzy"}}""", "settings.mode")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","ttl":1}}""", "settings.ttl")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","scope":"everybody"}}""", "settings.scope")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","ttl_seconds":0}}""", "settings.ttl_seconds")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","ttl_seconds":2592001}}""", "settings.ttl_seconds")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","ttl_seconds":"60"}}""", "settings.ttl_seconds")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","max_entry_bytes":1023}}""", "settings.max_entry_bytes")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","max_entry_bytes":4194305}}""", "settings.max_entry_bytes")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","serve_stale_seconds":-1}}""", "settings.serve_stale_seconds")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","serve_stale_seconds":604801}}""", "settings.serve_stale_seconds")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","temperature":"cold"}}""", "settings.temperature")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"semantic","similarity":0.49}}""", "settings.similarity")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"semantic","similarity":1.01}}""", "settings.similarity")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","similarity":0.9}}""", "settings.similarity")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","embedder":"embed"}}""", "settings.embedder")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"semantic","embedder":"no-such"}}""", "settings.embedder")]
    [InlineData("""{"scope_kind":"organisation","settings":{"mode":"exact","tools":"yes"}}""", "settings.tools")]
    public async Task Policy_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var before = await portal.RevisionAsync();
        var (status, problem) = await api.PutAsync(Path, body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, string.Join(' ', problem.Faults())));
        Assert.Equal(before, await portal.RevisionAsync());
    }

    [Fact]
    public async Task Key_Rotated_TakesItsPolicyAlong()
    {
        var api = await PortalApi.StartAsync(portal);
        var key = await api.KeyAsync(await api.TeamAsync("T"), "k");
        await api.PutAsync(Path, $$"""{"scope_kind":"key","scope_id":"{{key}}","settings":{"mode":"exact","scope":"key"} }""");
        var next = (await api.MadeAsync($"/api/keys/{key}/rotate", "{}"))["key"].Id();
        var policies = (await api.ItemsAsync(Path)).ToDictionary(p => p.Text("scope_id"));
        Assert.Equal("key", policies[next.ToString()]["settings"].Text("scope"));
        Assert.Equal(2, policies.Count);
    }

    [Fact]
    public async Task Model_WithAPolicy_IsKeptByItsNameAndNotDeleted()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var (_, policy) = await api.PutAsync(Path, """{"scope_kind":"model","scope_id":"fast-alias","settings":{"mode":"exact"} }""");
        Assert.Equal("fast", policy.Text("scope_id"));
        var (status, problem) = await api.DeleteAsync($"/api/models/{(await api.ItemsAsync("/api/models")).Single().Id()}");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("the cache policy of model fast", problem.Text("detail"), StringComparison.Ordinal);

        // Nor one that makes the vectors of questions.
        await api.DeleteAsync($"{Path}/{policy.Id()}");
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"mode":"semantic","embedder":"fast"} }""")).Status);
        (status, problem) = await api.DeleteAsync($"/api/models/{(await api.ItemsAsync("/api/models")).Single().Id()}");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("the cache's embedder of organisation", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_OfEveryChange_PutsThePolicyBack()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"mode":"exact","ttl_seconds":60,"tools":true} }""");
        var before = Assert.Single(await api.ItemsAsync(Path));
        await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"mode":"off"} }""");
        await UndoneAsync("cache.update");
        Assert.Equal(before["settings"]!.ToJsonString(), Assert.Single(await api.ItemsAsync(Path))["settings"]!.ToJsonString());
        await api.DeleteAsync($"{Path}/{before.Id()}");
        await UndoneAsync("cache.delete");
        Assert.Equal(before["settings"]!.ToJsonString(), Assert.Single(await api.ItemsAsync(Path))["settings"]!.ToJsonString());
        await api.TeamAsync("T");
        await api.PutAsync(Path, """{"scope_kind":"team","scope_id":"T","settings":{"mode":"exact"} }""");
        await UndoneAsync("cache.create");
        Assert.Single(await api.ItemsAsync(Path));

        async Task UndoneAsync(string action)
        {
            var change = (await api.ItemsAsync("/api/audit?limit=1"))[0];
            Assert.Equal(action, change.Text("action"));
            var (status, undo) = await api.PostAsync($"/api/audit/{change.Id()}/undo");
            Assert.True(status == HttpStatusCode.OK, $"{action}: {undo}");
        }
    }

    [Fact]
    public async Task File_WithPolicies_IsComparedAppliedAndRolledBack()
    {
        var house = await ConfigurationFiles.House.StartAsync(portal);
        await house.Api.KeyAsync(await house.Api.TeamAsync("Bots"), "ci");
        var before = await portal.RevisionAsync();
        const string Wanted = """
            version: 1
            caches:
              - scope_kind: key
                scope_id: bots/ci
                settings:
                  mode: exact
                  tools: false
                  serve_stale_seconds: 0
              - scope_kind: organisation
                settings:
                  mode: exact
                  ttl_seconds: 60

            """;
        Assert.Equal(2, (await house.ImportedAsync(Wanted, "&dry_run=true"))["created"]!.GetValue<int>());
        Assert.Equal(before, await portal.RevisionAsync());
        await house.ImportedAsync(Wanted);
        // What is as usual may be said or left out.
        Assert.Empty((await house.ImportedAsync(Wanted))["changes"]!.AsArray());
        Assert.Contains("scope_id: bots/ci", await house.ExportAsync(), StringComparison.Ordinal);

        Assert.Equal(["line 4, column 5: cache policy organisation: settings.ttl_seconds must be between 1 and 2592000."], await house.RefusedAsync("version: 1\ncaches:\n  # Too short.\n  - scope_kind: organisation\n    settings:\n      mode: exact\n      ttl_seconds: 0\n"));
        Assert.Equal("line 5, column 7: modes is not a field of settings.", Assert.Single(await house.RefusedAsync("version: 1\ncaches:\n  - scope_kind: organisation\n    settings:\n      modes: exact\n")));

        // A purge in between is no change of the configuration.
        await house.Api.PostAsync($"{Path}/purge", """{"scope_kind":"organisation"}""");
        var (status, body) = await house.Api.PostAsync("/api/config/rollback", $$"""{"to":{{before}} }""");
        Assert.True(status == HttpStatusCode.OK, body?.ToJsonString());
        Assert.Empty(await house.Api.ItemsAsync(Path));
    }
}
