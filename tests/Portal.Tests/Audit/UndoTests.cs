using System.Net;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Audit;

/// <summary>Changes that are taken back: through the same commands, or not at all.</summary>
public sealed class UndoTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Undo_OfAnUpdate_PutsTheOldValuesBack_AndIsAuditedAsSuch()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var pin = (await api.MadeAsync("/api/pins", """{"scope_kind":"model","model":"fast","deployment":"d-fast","version":"v1","served_as":"V"}""")).Id();
        await api.PutAsync($"/api/pins/{pin}", """{"deployment":"d-fast","version":"v2","on_unavailable":"allow"}""");
        var change = await LastAsync(api, pin);

        var (status, undo) = await api.PostAsync($"/api/audit/{change.Id()}/undo");

        Assert.True(status == HttpStatusCode.OK, undo?.ToJsonString());
        Assert.Equal(("pin.update", change.Id(), "fast"), (undo.Text("action"), undo.Id("undoes"), undo.Text("target_name")));
        Assert.True(JsonNode.DeepEquals(change["before"], undo!["after"]));
        var row = (await api.GetAsync($"/api/pins/{pin}")).Body;
        Assert.Equal(("v1", "V", "fail"), (row.Text("version"), row.Text("served_as"), row.Text("on_unavailable")));
        Assert.Equal(undo.Id(), (await api.GetAsync($"/api/audit/{change.Id()}")).Body.Id("undone_by"));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where revision = {undo["revision"]} and entity_id = '{pin}'"));

        // Undone twice it is refused; the undo itself can be undone, and that does it again.
        Assert.Contains("undone already", await RefusedAsync(api, change.Id()), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"/api/audit/{undo.Id()}/undo")).Status);
        Assert.Equal("v2", (await api.GetAsync($"/api/pins/{pin}")).Body.Text("version"));
    }

    [Fact]
    public async Task Undo_OfWhatWasChangedSince_IsRefusedAndNamesTheLaterChange()
    {
        var api = await PortalApi.StartAsync(portal);
        var tier = (await api.MadeAsync("/api/tiers", """{"name":"Gold","concurrency":1}""")).Id();
        await api.PutAsync($"/api/tiers/{tier}", """{"name":"Gold","concurrency":2}""");
        var change = await LastAsync(api, tier);
        await api.PutAsync($"/api/tiers/{tier}", """{"name":"Gold","concurrency":3}""");
        var revision = await portal.RevisionAsync();

        var said = await RefusedAsync(api, change.Id());

        Assert.StartsWith("It was changed since: tier.update, by admin-token on ", said, StringComparison.Ordinal);
        Assert.Equal(revision, await portal.RevisionAsync());
        Assert.Contains(await api.ItemsAsync("/api/tiers"), t => t.Id() == tier && t!["concurrency"]!.GetValue<long>() == 3);
    }

    [Fact]
    public async Task Undo_OfWhatHappenedToAPin_IsNotAChangeSince()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var pin = (await api.MadeAsync("/api/pins", """{"scope_kind":"model","model":"fast","deployment":"d-fast","version":"v1"}""")).Id();
        var change = await LastAsync(api, pin);
        await portal.ScalarAsync<Guid>($$"""
            insert into audit_entries (id, at, organisation_id, actor, action, target_kind, target_id, after, revision)
            values ('{{Guid.CreateVersion7()}}', now(), '{{api.Organisation}}', 'gateway', 'pin.mismatch', 'pin', '{{pin}}', '{"model":"fast"}', {{await portal.RevisionAsync() + 1}}) returning id
            """);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync($"/api/audit/{change.Id()}/undo")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/pins/{pin}")).Status);
    }

    [Theory]
    [InlineData(Roles.Platform, true)]
    [InlineData(Roles.SecurityReviewer, true)]
    [InlineData(Roles.Auditor, false)]
    public void MayTry_OfWhoOnlyReads_IsFalse(string role, bool may) => Assert.Equal(may, UndoChange.MayTry(PortalHost.Actor(role, Guid.NewGuid())));

    [Fact]
    public async Task Undo_ByAPlatformEngineer_IsOfTheirOwnChangesAlone()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var engineer = PortalHost.Actor(Roles.Platform, api.Organisation) with { Name = "kim@example.org" };
        var byToken = engineer with { Token = new(Guid.NewGuid(), "nightly", ["write"], PortalHost.Now().AddDays(1)) };
        var other = PortalHost.Actor(Roles.Platform, api.Organisation) with { Name = "kim@example.org.evil" };
        var (tasks, audit, undo) = (portal.Get<CreateTask>(), portal.Get<AuditQuery>(), portal.Get<UndoChange>());
        var mine = (await tasks.RunAsync(engineer, new() { Name = "a", Words = ["x"] }, default)).Value.Id;
        var minesToken = (await tasks.RunAsync(byToken, new() { Name = "b", Words = ["x"] }, default)).Value.Id;
        var theirs = (await tasks.RunAsync(other, new() { Name = "c", Words = ["x"] }, default)).Value.Id;

        var seen = (await audit.RunAsync(engineer, new(), default)).Value.Items;
        Assert.Equal([minesToken, mine], seen.Select(c => c.TargetId));
        // What they filter by never widens it.
        Assert.Empty((await audit.RunAsync(engineer, new() { TargetId = theirs }, default)).Value.Items);
        Assert.Empty((await audit.RunAsync(engineer, new() { Actor = "admin" }, default)).Value.Items);
        Assert.IsType<Failure.Forbidden>((await portal.Get<SecurityQuery>().RunAsync(engineer, default)).Failure);
        var foreign = (await audit.RunAsync(other, new() { TargetId = theirs }, default)).Value.Items[0];
        Assert.IsType<Failure.NotFound>((await audit.OneAsync(engineer, foreign.Id, default)).Failure);
        Assert.IsType<Failure.NotFound>((await undo.RunAsync(engineer, foreign.Id, default)).Failure);

        foreach (var change in seen)
        {
            var undone = await undo.RunAsync(engineer, change.Id, default);
            Assert.True(undone.Succeeded, undone.Failure?.Message);
            Assert.Equal(change.Id, undone.Value.Undoes);
        }
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from routing_tasks where organisation_id = '{api.Organisation}'"));
    }

    /// <summary>Make, change, delete; then the three are taken back from the last to the first.</summary>
    [Theory]
    [InlineData("/api/tiers", "{\"name\":\"A\",\"concurrency\":1}", "{\"name\":\"B\",\"concurrency\":2,\"tokens_per_minute\":5}", "concurrency")]
    [InlineData("/api/limits", "{\"scope_kind\":\"feature\",\"scope_id\":\"f\",\"unit\":\"tokens\",\"amount\":5,\"period\":\"minute\"}", "{\"amount\":7,\"burst\":5,\"on_limit\":\"queue\",\"queue_ms\":50}", "amount")]
    [InlineData("/api/budgets", "{\"scope_kind\":\"feature\",\"scope_id\":\"f\",\"period\":\"daily\",\"cap_usd\":\"12.5\",\"thresholds\":[10]}", "{\"cap_usd\":1}", "cap_nano_usd")]
    [InlineData("/api/rules", "{\"name\":\"r\",\"when\":{\"any_words\":[\"x\"]},\"then\":{\"deny\":\"No.\"}}", "{\"name\":\"s\",\"enabled\":false,\"then\":{\"model\":\"fast\"}}", "then")]
    [InlineData("/api/tasks", "{\"name\":\"t\",\"words\":[\"x\"]}", "{\"name\":\"u\",\"patterns\":[\"y\"]}", "name")]
    [InlineData("/api/models", "{\"name\":\"m1\",\"aliases\":[\"x\"],\"deployments\":[{\"deployment_id\":\"@\",\"weight\":3}]}", "{\"name\":\"m2\",\"strategy\":\"cheapest\",\"deployments\":[{\"deployment_id\":\"@\"}]}", "name")]
    [InlineData("/api/pins", "{\"scope_kind\":\"feature\",\"scope_id\":\"f\",\"model\":\"fast\",\"deployment\":\"@\",\"version\":\"v\"}", "{\"deployment\":\"@\",\"version\":\"w\"}", "version")]
    [InlineData("/api/features", "{\"name\":\"r\",\"description\":\"a\"}", "{\"description\":\"b\"}", "description")]
    public async Task Undo_OfALife_LeadsBackThroughIt(string path, string made, string changed, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var deployment = await api.ModelAsync("fast");
        made = made.Replace("@", deployment.ToString(), StringComparison.Ordinal);
        var first = await api.MadeAsync(path, made);
        var (updated, second) = await api.PutAsync($"{path}/{first.Id()}", changed.Replace("@", deployment.ToString(), StringComparison.Ordinal));
        Assert.True(updated == HttpStatusCode.OK, second?.ToJsonString());
        Assert.False(JsonNode.DeepEquals(first[field], second![field]));

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"{path}/{first.Id()}")).Status);
        var again = await UndoneAsync(api, await LastAsync(api, first.Id()));
        Assert.NotEqual(first.Id(), again.Id("target_id"));
        Assert.True(JsonNode.DeepEquals(second[field], again["after"]![field]));

        // The thing has a new id, so the old one's change is a change of what is gone.
        var trail = await api.ItemsAsync($"/api/audit?target_id={first.Id()}");
        Assert.Contains(".delete", await RefusedAsync(api, trail[1].Id()), StringComparison.Ordinal);

        // What was put back can be changed and led back, and goes when the undo is undone.
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"{path}/{again.Id("target_id")}", changed.Replace("@", deployment.ToString(), StringComparison.Ordinal))).Status);
        var edit = await LastAsync(api, again.Id("target_id"));
        if (edit.Id() != again.Id()) await UndoneAsync(api, edit);
        var count = (await api.ItemsAsync(path)).Count;
        var fresh = await api.MadeAsync(path, made.Replace("\"f\"", "\"g\"", StringComparison.Ordinal).Replace("\"x\"", "\"z\"", StringComparison.Ordinal)
            .Replace("\"A\"", "\"C\"", StringComparison.Ordinal).Replace("\"r\"", "\"r2\"", StringComparison.Ordinal).Replace("\"t\"", "\"t2\"", StringComparison.Ordinal).Replace("\"m1\"", "\"m3\"", StringComparison.Ordinal));
        await UndoneAsync(api, await LastAsync(api, fresh.Id()));
        Assert.Equal(count, (await api.ItemsAsync(path)).Count);
    }

    [Fact]
    public async Task Undo_OfTeamsProvidersDeploymentsResidencyKeysTiersAndStops_GoesThroughTheirCommands()
    {
        var api = await PortalApi.StartAsync(portal);
        var deployment = await api.ModelAsync("fast");
        var team = await api.TeamAsync("T");
        var key = await api.KeyAsync(team, "k");
        var tier = (await api.MadeAsync("/api/tiers", """{"name":"A","concurrency":1}""")).Id();
        var provider = (await api.ItemsAsync("/api/providers")).Single().Id();
        var webhook = (await api.MadeAsync("/api/webhooks", """{"name":"w","url":"https://hooks.example.org"}"""))["webhook"].Id();
        (HttpMethod Method, string Path, string Body)[] edits =
        [
            (HttpMethod.Put, $"/api/teams/{team}", """{"name":"T2","allowed_models":["fast"],"approval_threshold_usd":3,"approval_action":"wait"}"""),
            (HttpMethod.Put, $"/api/teams/{team}", """{"name":"T3"}"""),
            (HttpMethod.Put, $"/api/keys/{key}", """{"name":"k2","feature":"f","max_body_bytes":100000}"""),
            (HttpMethod.Put, $"/api/providers/{provider}", """{"name":"P9","base_url":"https://two.example/v1","idle_timeout_ms":7000}"""),
            (HttpMethod.Put, $"/api/deployments/{deployment}", """{"name":"d-other","upstream_model":"n","region":"eu-1","context_tokens":5}"""),
            (HttpMethod.Put, $"/api/webhooks/{webhook}", """{"name":"w2","url":"https://hooks.example.org/x","is_enabled":false}"""),
            (HttpMethod.Put, "/api/residency", """{"scope_kind":"organisation","regions":["eu-*"]}"""),
            (HttpMethod.Put, "/api/organizations/current", """{"name":"Renamed","time_zone":"Europe/Berlin"}"""),
            (HttpMethod.Put, "/api/tiers/assignments", $$"""{"scope_kind":"key","scope_id":"{{key}}","tier":"{{tier}}"}"""),
            (HttpMethod.Post, "/api/kill-switches", """{"scope_kind":"feature","scope_id":"f","reason":"r"}"""),
            (HttpMethod.Put, $"/api/reliability/models/{(await api.ItemsAsync("/api/models")).Single().Id()}", """{"retries":1,"hedge":{"most_percent":5}}"""),
        ];
        foreach (var (method, path, body) in edits)
        {
            var (status, answer) = method == HttpMethod.Put ? await api.PutAsync(path, body) : await api.PostAsync(path, body);
            Assert.True((int)status < 300, $"{path}: {answer}");
            var change = (await api.ItemsAsync("/api/audit?limit=1"))[0];
            var undo = await UndoneAsync(api, change);
            Assert.Equal(change["before"]?["name"]?.ToString(), undo["after"]?["name"]?.ToString());
            if (path.Contains("/teams/", StringComparison.Ordinal)) continue;
            await UndoneAsync(api, undo);
        }
        Assert.Equal("T", (await api.GetAsync($"/api/teams/{team}")).Body.Text("name"));
    }

    [Fact]
    public async Task Undo_WhereThereIsNoWayBack_SaysWhatToDoInstead()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var key = await api.KeyAsync(await api.TeamAsync("T"), "k");
        Assert.Contains("Revoke the key", await RefusedAsync(api, (await LastAsync(api, key)).Id()), StringComparison.Ordinal);
        var provider = (await api.MadeAsync("/api/providers", """{"name":"P","slug":"p","base_url":"https://one.example/v1"}""")).Id();
        var credential = (await api.MadeAsync("/api/credentials", $$"""{"provider_id":"{{provider}}","name":"c","secret":"sk-not-to-be-seen"}""")).Id();
        Assert.Contains("Secrets are not kept", await RefusedAsync(api, (await LastAsync(api, credential)).Id()), StringComparison.Ordinal);

        // What hangs on it is asked for by the command that deletes it.
        var model = (await api.ItemsAsync("/api/models")).Single().Id();
        await api.MadeAsync("/api/pins", """{"scope_kind":"model","model":"fast","deployment":"d-fast"}""");
        Assert.NotEmpty(await RefusedAsync(api, (await LastAsync(api, model)).Id()));

        // A raise went with the budget: the budget alone would not be what there was.
        var budget = (await api.MadeAsync("/api/budgets", """{"scope_kind":"feature","scope_id":"f","period":"daily","cap_usd":1}""")).Id();
        await api.MadeAsync($"/api/budgets/{budget}/raise", $$"""{"amount_usd":1,"reason":"r","until":"{{PortalHost.Now().AddDays(1):O}}"}""");
        await api.DeleteAsync($"/api/budgets/{budget}");
        Assert.Contains("More went with it", await RefusedAsync(api, (await LastAsync(api, budget)).Id()), StringComparison.Ordinal);

        // A rule that stood before others would stand behind them.
        var rule = (await api.MadeAsync("/api/rules", """{"name":"a","then":{"deny":"No."}}""")).Id();
        await api.MadeAsync("/api/rules", """{"name":"b","then":{"deny":"No."}}""");
        await api.DeleteAsync($"/api/rules/{rule}");
        Assert.Contains("position would differ", await RefusedAsync(api, (await LastAsync(api, rule)).Id()), StringComparison.Ordinal);
        Assert.Equal(["b"], (await api.ItemsAsync("/api/rules")).Select(r => r.Text("name")));
    }

    [Fact]
    public async Task Undo_OfAnotherOrganisation_OrByWhoMayNotEdit_ChangesNothing()
    {
        var (mine, theirs) = (await PortalApi.StartAsync(portal), await PortalApi.StartAsync(portal));
        var tier = (await theirs.MadeAsync("/api/tiers", """{"name":"A","concurrency":1}""")).Id();
        var change = (await LastAsync(theirs, tier)).Id();
        Assert.Equal(HttpStatusCode.NotFound, (await mine.PostAsync($"/api/audit/{change}/undo")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await mine.GetAsync($"/api/audit/{change}")).Status);
        var undo = portal.Get<UndoChange>();
        foreach (var role in (string[])[Roles.Auditor, Roles.SecurityReviewer])
        {
            var actor = PortalHost.Actor(role, theirs.Organisation, await portal.AddUserAsync(theirs.Organisation, role), Guid.NewGuid());
            Assert.IsType<Failure.Forbidden>((await undo.RunAsync(actor, change, default)).Failure);
        }
        Assert.Contains(await theirs.ItemsAsync("/api/tiers"), t => t.Id() == tier);
    }

    [Fact]
    public async Task Undo_ByTwoAtOnce_HappensOnce()
    {
        var api = await PortalApi.StartAsync(portal);
        var tier = (await api.MadeAsync("/api/tiers", """{"name":"A","concurrency":1}""")).Id();
        await api.PutAsync($"/api/tiers/{tier}", """{"name":"A","concurrency":2}""");
        var change = (await LastAsync(api, tier)).Id();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PostAsync($"/api/audit/{change}/undo")));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(a => a.Status == HttpStatusCode.Conflict));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from audit_entries where undoes = '{change}'"));
    }

    private static async Task<JsonNode> LastAsync(PortalApi api, Guid target) => (await api.ItemsAsync($"/api/audit?target_id={target}"))[0];

    private static async Task<JsonNode> UndoneAsync(PortalApi api, JsonNode change)
    {
        var (status, undo) = await api.PostAsync($"/api/audit/{change.Id()}/undo");
        Assert.True(status == HttpStatusCode.OK, $"{change.Text("action")}: {undo}");
        return undo!;
    }

    private static async Task<string> RefusedAsync(PortalApi api, Guid change)
    {
        var (status, problem) = await api.PostAsync($"/api/audit/{change}/undo");
        Assert.Equal(HttpStatusCode.Conflict, status);
        return problem.Text("detail");
    }
}
