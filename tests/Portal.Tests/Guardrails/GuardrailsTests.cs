using System.Net;
using System.Text.Json;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Tests.Guardrails;

/// <summary>Guardrail policies through the API: set, replaced, refused, deleted, put back.</summary>
public sealed class GuardrailsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Path = "/api/guardrails";

    [Fact]
    public async Task Policy_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Clinic");
        var (status, policy) = await api.PutAsync(Path, """
            {"scope_kind":"team","scope_id":"Clinic","settings":{"banned_patterns":{"level":"strict","action":"block","reply_action":"mask","on_error":"open","time_limit_ms":50,
            "words":[" falcon ","falcon","","Blue Bird"],"patterns":["\\bPRJ-\\d{4}\\b"]},"personal_data":{"level":"off","except_types":["IP_ADDRESS"]} } }
            """);
        Assert.Equal((HttpStatusCode.OK, team.ToString()), (status, policy.Text("scope_id")));
        Assert.Equal("""["falcon","Blue Bird"]""", policy!["settings"]!["banned_patterns"]!["words"]!.ToJsonString());
        Assert.Null(policy["settings"]!["secrets"]);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"{Path}/{policy.Id()}")).Status);

        var (_, replaced) = await api.PutAsync(Path, $$"""{"scope_kind":"team","scope_id":"{{team}}","settings":{"secrets":{"level":"standard"} } }""");
        Assert.Equal(policy.Id(), replaced.Id());
        Assert.Null(replaced!["settings"]!["banned_patterns"]);
        // The organisation's own first, whenever it was set.
        var listed = await api.ItemsAsync(Path);
        Assert.Equal(["organisation", "team"], listed.Select(p => p.Text("scope_kind")));
        Assert.Equal("Clinic", listed[1].Text("scope_name"));
        var (_, first) = await api.GetAsync($"{Path}?limit=1");
        Assert.Equal([policy.Id()], (await api.ItemsAsync($"{Path}?after={first.Text("next")}")).Select(p => p.Id()));

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"{Path}/{policy.Id()}")).Status);
        Assert.Equal(["guardrail.delete", "guardrail.update", "guardrail.create"], (await api.ItemsAsync($"/api/audit?target_id={policy.Id()}")).Select(a => a.Text("action")));
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'guardrail' and entity_id = '{policy.Id()}'"));
    }

    [Fact]
    public async Task Policy_OfQuarantineAndReroute_KeepsTheirTerms()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("in-house");
        var (status, policy) = await api.PutAsync(Path, """
            {"scope_kind":"organisation","settings":{"prompt_injection":{"level":"standard","action":"quarantine","quarantine_hours":48},
            "secrets":{"level":"standard","action":"reroute","restricted_model":"in-house"}}}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(48, policy!["settings"]!["prompt_injection"]!["quarantine_hours"]!.GetValue<int>());
        Assert.Equal("in-house", policy["settings"]!["secrets"].Text("restricted_model"));
        Assert.Equal(policy["settings"]!.ToJsonString(), (await api.GetAsync($"{Path}/{policy.Id()}")).Body!["settings"]!.ToJsonString());
    }

    [Fact]
    public async Task ReplyChecks_AreKeptAsSet()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.TeamAsync("Replies");
        var (status, policy) = await api.PutAsync(Path, """
            {"scope_kind":"team","scope_id":"Replies","settings":{"reply_format":{"level":"standard","schema":" {\"type\":\n\"object\"} ","on_invalid":["repair","fallback","error"]},
            "groundedness":{"level":"flag","min_share":0.9,"judge_time_limit_ms":500},"prompt_leak":{"level":"strict","reply_action":"flag"} } }
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        var settings = policy!["settings"]!.Deserialize(DataJson.Default.GuardrailSettings)!;
        Assert.Equal("{\"type\":\n\"object\"}", settings.ReplyFormat!.Schema);
        Assert.Equal(["repair", "fallback", "error"], settings.ReplyFormat.OnInvalid!);
        Assert.Equal((0.9, 500, "flag"), (settings.Groundedness!.MinShare, settings.Groundedness.JudgeTimeLimitMs, settings.PromptLeak!.ReplyAction));
    }

    [Theory]
    [InlineData("""{"scope_kind":"user","scope_id":"x","settings":{"secrets":{"level":"off"}}}""", "scope_kind")]
    [InlineData("""{"scope_kind":"organisation","scope_id":"x","settings":{"secrets":{"level":"off"}}}""", "scope_id")]
    [InlineData("""{"scope_kind":"team","settings":{"secrets":{"level":"off"}}}""", "scope_id")]
    [InlineData("""{"scope_kind":"team","scope_id":"no-such","settings":{"secrets":{"level":"off"}}}""", "scope_id")]
    [InlineData("""{"scope_kind":"key","scope_id":"0198a000-0000-7000-8000-000000000000","settings":{"secrets":{"level":"off"}}}""", "scope_id")]
    [InlineData("""{"scope_kind":"model","scope_id":"no-such","settings":{"secrets":{"level":"off"}}}""", "scope_id")]
    [InlineData("""{"scope_kind":"organisation"}""", "settings")]
    [InlineData("""{"scope_kind":"organisation","settings":{"order":["secrets","toxicity"]}}""", "settings.order")]
    [InlineData("""{"scope_kind":"model","scope_id":"fast","settings":{"order":["secrets"]}}""", "settings.order")]
    [InlineData("""{"scope_kind":"organisation","settings":{}}""", "settings")]
    [InlineData("""{"scope_kind":"organisation","settings":{"toxicity":{"level":"off"}}}""", "settings.toxicity")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"off","levels":1}}}""", "settings.secrets.levels")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{}}}""", "settings.secrets.level")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"high"}}}""", "settings.secrets.level")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","action":"drop"}}}""", "settings.secrets.action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"content_policy":{"level":"strict","reply_action":"drop"}}}""", "settings.content_policy.reply_action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"strict","action":"mask"}}}""", "settings.prompt_injection.action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","reply_action":"quarantine"}}}""", "settings.secrets.reply_action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","reply_action":"reroute"}}}""", "settings.secrets.reply_action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"strict","action":"reroute"}}}""", "settings.prompt_injection.restricted_model")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"strict","action":"reroute","restricted_model":"a b"}}}""", "settings.prompt_injection.restricted_model")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"strict","action":"reroute","restricted_model":"no-such"}}}""", "settings.prompt_injection.restricted_model")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"flag","restricted_model":"no-such"}}}""", "settings.prompt_injection.restricted_model")]
    [InlineData("""{"scope_kind":"organisation","settings":{"media":{"level":"strict","media_types":["image/*","image/none"]}}}""", "settings.media.media_types")]
    [InlineData("""{"scope_kind":"organisation","settings":{"media":{"level":"strict","max_media_kb":0}}}""", "settings.media.max_media_kb")]
    [InlineData("""{"scope_kind":"organisation","settings":{"media":{"level":"strict","max_media":-1}}}""", "settings.media.max_media")]
    [InlineData("""{"scope_kind":"organisation","settings":{"media":{"level":"strict","max_pixels":0}}}""", "settings.media.max_pixels")]
    [InlineData("""{"scope_kind":"organisation","settings":{"media":{"level":"strict","media_location":"hide"}}}""", "settings.media.media_location")]
    [InlineData("""{"scope_kind":"organisation","settings":{"media":{"level":"strict","action":"mask"}}}""", "settings.media.action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"media":{"level":"strict","restore":true}}}""", "settings.media.restore")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","max_media":1}}}""", "settings.secrets.max_media")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"strict","action":"quarantine","quarantine_hours":0}}}""", "settings.prompt_injection.quarantine_hours")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"strict","action":"quarantine","quarantine_hours":721}}}""", "settings.prompt_injection.quarantine_hours")]
    [InlineData("""{"scope_kind":"organisation","settings":{"prompt_injection":{"level":"strict","reply_action":"flag"}}}""", "settings.prompt_injection.reply_action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"reply_format":{"level":"strict","action":"block"}}}""", "settings.reply_format.action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"reply_format":{"level":"strict","reply_action":"mask"}}}""", "settings.reply_format.reply_action")]
    [InlineData("""{"scope_kind":"organisation","settings":{"reply_format":{"level":"strict","schema":"{"}}}""", "settings.reply_format.schema")]
    [InlineData("""{"scope_kind":"organisation","settings":{"reply_format":{"level":"strict","schema":"{\"patternProperties\":{}}"}}}""", "settings.reply_format.schema")]
    [InlineData("""{"scope_kind":"organisation","settings":{"reply_format":{"level":"strict","on_invalid":["again"]}}}""", "settings.reply_format.on_invalid")]
    [InlineData("""{"scope_kind":"organisation","settings":{"reply_format":{"level":"strict","on_invalid":["error","retry"]}}}""", "settings.reply_format.on_invalid")]
    [InlineData("""{"scope_kind":"organisation","settings":{"groundedness":{"level":"strict","min_share":1.5}}}""", "settings.groundedness.min_share")]
    [InlineData("""{"scope_kind":"organisation","settings":{"groundedness":{"level":"strict","judge_model":"no-such"}}}""", "settings.groundedness.judge_model")]
    [InlineData("""{"scope_kind":"organisation","settings":{"groundedness":{"level":"strict","judge_time_limit_ms":5}}}""", "settings.groundedness.judge_time_limit_ms")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","schema":"{}"}}}""", "settings.secrets.schema")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","on_error":"maybe"}}}""", "settings.secrets.on_error")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","time_limit_ms":0}}}""", "settings.secrets.time_limit_ms")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","time_limit_ms":5001}}}""", "settings.secrets.time_limit_ms")]
    [InlineData("""{"scope_kind":"organisation","settings":{"personal_data":{"level":"strict","except_types":["ip address"]}}}""", "settings.personal_data.except_types")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","words":["a"]}}}""", "settings.secrets.words")]
    [InlineData("""{"scope_kind":"organisation","settings":{"secrets":{"level":"strict","patterns":["a"]}}}""", "settings.secrets.patterns")]
    [InlineData("""{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","words":[" "]}}}""", "settings.banned_patterns.words")]
    [InlineData("""{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","words":["a\u0007b"]}}}""", "settings.banned_patterns.words")]
    [InlineData("""{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","patterns":["ok","(a"]}}}""", "settings.banned_patterns.patterns")]
    [InlineData("""{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","patterns":["(a)\\1"]}}}""", "settings.banned_patterns.patterns")]
    [InlineData("""{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","patterns":["a(?=b)"]}}}""", "settings.banned_patterns.patterns")]
    [InlineData("""{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","patterns":["a*"]}}}""", "settings.banned_patterns.patterns")]
    public async Task Policy_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var before = await portal.RevisionAsync();
        var (status, problem) = await api.PutAsync(Path, body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, string.Join(' ', problem.Faults())));
        Assert.Equal(before, await portal.RevisionAsync());
    }

    [Theory]
    [InlineData("words", 201, 3)]
    [InlineData("words", 1, 501)]
    [InlineData("patterns", 201, 3)]
    [InlineData("patterns", 1, 501)]
    [InlineData("except_types", 101, 3)]
    [InlineData("except_types", 1, 65)]
    public async Task Policy_WithTooMuch_NamesItsField(string list, int count, int length)
    {
        var api = await PortalApi.StartAsync(portal);
        var entries = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{new string((char)('A' + (i % 26)), length - 2)}{(char)('A' + (i / 26))}{(char)('A' + (i % 26))}\""));
        var (status, problem) = await api.PutAsync(Path, $$"""{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","{{list}}":[{{entries}}]{{(list == "except_types" ? ",\"words\":[\"w\"]" : "")}} } } }""");
        Assert.Equal((HttpStatusCode.BadRequest, $"settings.banned_patterns.{list}"), (status, string.Join(' ', problem.Faults())));
    }

    [Fact]
    public async Task Pattern_ThatIsWrong_IsToldWhatAndWhere()
    {
        var api = await PortalApi.StartAsync(portal);
        var (_, problem) = await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","patterns":["fine","ab(c"]} } }""");
        Assert.Equal("settings.banned_patterns.patterns is wrong in entry 2: insufficient closing parentheses at character 4.", problem!["errors"]!["settings.banned_patterns.patterns"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Organisation_New_BeginsWithThePolicyThatOldOnesWereGiven()
    {
        var api = await PortalApi.StartAsync(portal);
        var policy = Assert.Single(await api.ItemsAsync(Path));
        Assert.Equal("organisation", policy.Text("scope_kind"));
        var kept = await portal.ScalarAsync<string>($"select settings::text from guardrail_policies where organisation_id = '{api.Organisation}'");
        var asMigrated = JsonSerializer.Deserialize("""{"secrets":{"level":"standard","action":"mask","restore":true}}""", DataJson.Default.GuardrailSettings);
        Assert.Equal(asMigrated, JsonSerializer.Deserialize(kept, DataJson.Default.GuardrailSettings));
        Assert.Equal(1, await portal.ScalarAsync<long>($"select count(*) from audit_entries where organisation_id = '{api.Organisation}' and action = 'guardrail.create'"));
    }

    [Fact]
    public async Task Key_Rotated_TakesItsPolicyAlong()
    {
        var api = await PortalApi.StartAsync(portal);
        var key = await api.KeyAsync(await api.TeamAsync("T"), "k");
        await api.PutAsync(Path, $$"""{"scope_kind":"key","scope_id":"{{key}}","settings":{"secrets":{"level":"strict","action":"block"} } }""");
        var next = (await api.MadeAsync($"/api/keys/{key}/rotate", "{}"))["key"].Id();
        var policies = (await api.ItemsAsync(Path)).Where(p => p.Text("scope_kind") == "key").ToDictionary(p => p.Text("scope_id"));
        Assert.Equal("block", policies[next.ToString()]["settings"]!["secrets"].Text("action"));
        Assert.Equal(2, policies.Count);
    }

    [Fact]
    public async Task Model_WithAPolicy_IsKeptByItsNameAndNotDeleted()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var (_, policy) = await api.PutAsync(Path, """{"scope_kind":"model","scope_id":"fast-alias","settings":{"secrets":{"level":"strict"} } }""");
        Assert.Equal("fast", policy.Text("scope_id"));
        var (status, problem) = await api.DeleteAsync($"/api/models/{(await api.ItemsAsync("/api/models")).Single().Id()}");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("the guardrail policy of model fast", problem.Text("detail"), StringComparison.Ordinal);

        // Nor one that judges.
        await api.DeleteAsync($"{Path}/{policy.Id()}");
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"groundedness":{"level":"standard","judge_model":"fast"} } }""")).Status);
        (status, problem) = await api.DeleteAsync($"/api/models/{(await api.ItemsAsync("/api/models")).Single().Id()}");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("the judge of guardrails of organisation", problem.Text("detail"), StringComparison.Ordinal);

        // Nor one that requests are sent to; by its own name, because they go there and nowhere else.
        Assert.Equal(["settings.secrets.restricted_model"], (await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"secrets":{"level":"standard","action":"reroute","restricted_model":"fast-alias"} } }""")).Body.Faults());
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"order":["secrets"],"secrets":{"level":"standard","action":"reroute","restricted_model":"fast"} } }""")).Status);
        (status, problem) = await api.DeleteAsync($"/api/models/{(await api.ItemsAsync("/api/models")).Single().Id()}");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("the restricted model of guardrails of organisation", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_OfEveryChange_PutsThePolicyBack()
    {
        var api = await PortalApi.StartAsync(portal);
        var before = Assert.Single(await api.ItemsAsync(Path));
        await api.PutAsync(Path, """{"scope_kind":"organisation","settings":{"banned_patterns":{"level":"standard","words":["falcon"],"except_types":["X"]},"secrets":{"level":"off","restore":false} } }""");
        await UndoneAsync("guardrail.update");
        Assert.Equal(before["settings"]!.ToJsonString(), Assert.Single(await api.ItemsAsync(Path))["settings"]!.ToJsonString());
        await api.DeleteAsync($"{Path}/{before.Id()}");
        await UndoneAsync("guardrail.delete");
        Assert.Equal(before["settings"]!.ToJsonString(), Assert.Single(await api.ItemsAsync(Path))["settings"]!.ToJsonString());
        await api.TeamAsync("T");
        await api.PutAsync(Path, """{"scope_kind":"team","scope_id":"T","settings":{"secrets":{"level":"flag"} } }""");
        await UndoneAsync("guardrail.create");
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
            guardrails:
              - scope_kind: key
                scope_id: bots/ci
                settings:
                  banned_patterns:
                    level: standard
                    restore: true
                    words:
                      - falcon
                    patterns:
                      - "\\bPRJ-[0-9]+"
              - scope_kind: organisation
                settings:
                  secrets:
                    level: standard
                    action: mask

            """;
        var planned = await house.ImportedAsync(Wanted, "&dry_run=true");
        Assert.Equal((before, 1, 0), (await portal.RevisionAsync(), planned["created"]!.GetValue<int>(), planned["changed"]!.GetValue<int>()));
        await house.ImportedAsync(Wanted);
        Assert.Empty((await house.ImportedAsync(Wanted))["changes"]!.AsArray());
        Assert.Contains("scope_id: bots/ci", await house.ExportAsync(), StringComparison.Ordinal);

        var said = await house.RefusedAsync(Wanted.Replace("PRJ-[", "PRJ-(", StringComparison.Ordinal));
        Assert.Contains("patterns is wrong in entry 1", Assert.Single(said), StringComparison.Ordinal);
        said = await house.RefusedAsync("version: 1\nguardrails:\n  - scope_kind: organisation\n    settings:\n      secrets:\n        levels: standard\n");
        Assert.Equal("line 6, column 9: levels is not a field of secrets.", Assert.Single(said));

        var (status, _) = await house.Api.PostAsync("/api/config/rollback", $$"""{"to":{{before}} }""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Single(await house.Api.ItemsAsync(Path));
    }
}
