using System.Net;
using System.Text.Json;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Data;

namespace AspireGateway.Portal.Tests.Guardrails;

/// <summary>Checks outside of the gateway through the API: made, changed, named by policies, deleted, put back.</summary>
public sealed class GuardrailCheckTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Path = "/api/guardrail-checks";

    [Fact]
    public async Task Check_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, check) = await api.PutAsync(Path, """{"name":"moderation","kind":"moderations","url":"https://api.example.com/v1/moderations","secret":"s-1","regions":["EU-central-1"]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("closed", "prompts", "1500", "50000", "true", "false"), (
            check.Text("on_error"), check.Text("applies_to"), check!["time_limit_ms"]!.ToString(), check["max_characters"]!.ToString(), check["has_secret"]!.ToString(), check["is_private"]!.ToString()));
        Assert.Equal("""["eu-central-1"]""", check["regions"]!.ToJsonString());
        Assert.DoesNotContain("s-1", check.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("s-1", portal.Get<SecretBox>().Open(await portal.ScalarAsync<byte[]>($"select secret_envelope from guardrail_checks where id = '{check.Id()}'"), check.Id()));

        // The secret stays while the server does.
        var (_, changed) = await api.PutAsync(Path, """{"name":"moderation","kind":"moderations","url":"https://api.example.com/v2/moderations","time_limit_ms":900,"on_error":"open","applies_to":"both","max_characters":1000}""");
        Assert.Equal((check.Id(), "true", "900"), (changed.Id(), changed!["has_secret"]!.ToString(), changed["time_limit_ms"]!.ToString()));
        Assert.Equal([check.Id()], (await api.ItemsAsync(Path)).Select(c => c.Id()));

        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"{Path}/{check.Id()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"{Path}/{check.Id()}")).Status);
        Assert.Equal(["guardrail_check.delete", "guardrail_check.update", "guardrail_check.create"], (await api.ItemsAsync($"/api/audit?target_id={check.Id()}")).Select(a => a.Text("action")));
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'guardrail_check' and entity_id = '{check.Id()}'"));
        Assert.Equal(0, await portal.ScalarAsync<long>($"select count(*) from audit_entries where target_id = '{check.Id()}' and (coalesce(before::text, '') || coalesce(after::text, '')) like '%s-1%'"));
    }

    [Theory]
    [InlineData("""{"kind":"moderations","url":"https://a.example.com/m"}""", "name")]
    [InlineData("""{"name":"x","kind":"oracle","url":"https://a.example.com/m"}""", "kind")]
    [InlineData("""{"name":"x","kind":"webhook","url":"nowhere"}""", "url")]
    [InlineData("""{"name":"x","kind":"webhook","url":"http://a.example.com/m"}""", "url")]
    [InlineData("""{"name":"x","kind":"webhook","url":"https://10.0.0.1/m"}""", "url")]
    [InlineData("""{"name":"x","kind":"webhook","url":"http://169.254.169.254/m","is_private":true}""", "url")]
    [InlineData("""{"name":"x","kind":"webhook","url":"https://u:p@a.example.com/m"}""", "url")]
    [InlineData("""{"name":"x","kind":"chat","url":"https://a.example.com/m"}""", "model")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","model":"m"}""", "model")]
    [InlineData("""{"name":"x","kind":"webhook","url":"https://a.example.com/m","secret":"plain"}""", "secret")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","secret":"a b"}""", "secret")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","time_limit_ms":0}""", "time_limit_ms")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","max_characters":1000001}""", "max_characters")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","on_error":"maybe"}""", "on_error")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","applies_to":"all"}""", "applies_to")]
    [InlineData("""{"name":"x","kind":"ocr","url":"https://a.example.com/m","applies_to":"both"}""", "applies_to")]
    [InlineData("""{"name":"x","kind":"ocr","url":"https://a.example.com/m","model":"m"}""", "model")]
    [InlineData("""{"name":"x","kind":"transcription","url":"https://a.example.com/m","applies_to":"replies"}""", "applies_to")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","regions":["eu-*"]}""", "regions")]
    [InlineData("""{"name":"x","kind":"presidio","url":"https://a.example.com/m","retries":3}""", "retries")]
    public async Task Check_ThatCannotBe_NamesItsField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, problem) = await api.PutAsync(Path, body);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, string.Join(' ', problem.Faults())));
    }

    [Fact]
    public async Task Check_AtAnotherServer_DoesNotTakeTheSecretAlong()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.PutAsync(Path, """{"name":"moved","kind":"moderations","url":"https://a.example.com/m","secret":"s"}""");
        Assert.Equal(HttpStatusCode.Conflict, (await api.PutAsync(Path, """{"name":"moved","kind":"moderations","url":"https://b.example.com/m"}""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PutAsync(Path, """{"name":"moved","kind":"webhook","url":"https://a.example.com/m"}""")).Status);
        var (status, moved) = await api.PutAsync(Path, """{"name":"moved","kind":"moderations","url":"https://b.example.com/m","secret":""}""");
        Assert.Equal((HttpStatusCode.OK, "false"), (status, moved!["has_secret"]!.ToString()));
    }

    [Fact]
    public async Task Check_ThatAPolicyNames_IsNotDeleted()
    {
        var api = await PortalApi.StartAsync(portal);
        var (_, check) = await api.PutAsync(Path, """{"name":"judge","kind":"chat","model":"guard","url":"https://a.example.com/v1/chat/completions"}""");
        var (_, policy) = await api.PutAsync("/api/guardrails", """{"scope_kind":"organisation","settings":{"external_checks":{"level":"standard","checks":["judge"]} } }""");

        Assert.Equal(HttpStatusCode.Conflict, (await api.DeleteAsync($"{Path}/{check.Id()}")).Status);
        await api.DeleteAsync($"/api/guardrails/{policy.Id()}");
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"{Path}/{check.Id()}")).Status);
    }

    [Fact]
    public async Task Policy_OfLimits_IsKeptAsItIsSent()
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, policy) = await api.PutAsync("/api/guardrails", """{"scope_kind":"organisation","settings":{"prompt_limits":{"level":"strict","max_characters":20000,"max_messages":50,"languages":["en","de","en"],"denied_languages":["fr"]} } }""");
        Assert.Equal(HttpStatusCode.OK, status);
        var rule = policy!["settings"]!["prompt_limits"]!;
        Assert.Equal(("20000", "50", """["en","de"]""", """["fr"]"""), (rule["max_characters"]!.ToString(), rule["max_messages"]!.ToString(), rule["languages"]!.ToJsonString(), rule["denied_languages"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"prompt_limits":{"level":"standard"}}""", "settings.prompt_limits.max_characters")]
    [InlineData("""{"prompt_limits":{"level":"standard","max_characters":0}}""", "settings.prompt_limits.max_characters")]
    [InlineData("""{"prompt_limits":{"level":"standard","max_messages":0}}""", "settings.prompt_limits.max_messages")]
    [InlineData("""{"prompt_limits":{"level":"standard","languages":["english"]}}""", "settings.prompt_limits.languages")]
    [InlineData("""{"prompt_limits":{"level":"standard","denied_languages":["xx"]}}""", "settings.prompt_limits.denied_languages")]
    [InlineData("""{"prompt_limits":{"level":"standard","max_messages":2,"action":"mask"}}""", "settings.prompt_limits.action")]
    [InlineData("""{"prompt_limits":{"level":"standard","max_messages":2,"reply_action":"flag"}}""", "settings.prompt_limits.reply_action")]
    [InlineData("""{"secrets":{"level":"standard","max_characters":5}}""", "settings.secrets.max_characters")]
    [InlineData("""{"secrets":{"level":"standard","languages":["en"]}}""", "settings.secrets.languages")]
    [InlineData("""{"secrets":{"level":"standard","checks":["judge"]}}""", "settings.secrets.checks")]
    [InlineData("""{"topics":{"level":"standard"}}""", "settings.topics.denied_topics")]
    [InlineData("""{"topics":{"level":"standard","denied_topics":["weather"]}}""", "settings.topics.denied_topics")]
    [InlineData("""{"topics":{"level":"standard","allowed_topics":["weather"]}}""", "settings.topics.allowed_topics")]
    [InlineData("""{"topics":{"level":"standard","denied_topics":["law"],"own_topics":["no colon"]}}""", "settings.topics.own_topics")]
    [InlineData("""{"topics":{"level":"standard","denied_topics":["law"],"own_topics":["a: b","a: c"]}}""", "settings.topics.own_topics")]
    [InlineData("""{"topics":{"level":"standard","denied_topics":["law"],"reply_action":"flag"}}""", "settings.topics.reply_action")]
    [InlineData("""{"secrets":{"level":"standard","denied_topics":["law"]}}""", "settings.secrets.denied_topics")]
    [InlineData("""{"external_checks":{"level":"standard"}}""", "settings.external_checks.checks")]
    [InlineData("""{"external_checks":{"level":"standard","checks":["no-such"]}}""", "settings.external_checks.checks")]
    [InlineData("""{"external_checks":{"level":"standard","checks":["1","2","3","4","5","6","7","8","9"]}}""", "settings.external_checks.checks")]
    public async Task Policy_OfLimitsOrChecksThatCannotBe_NamesItsField(string settings, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, problem) = await api.PutAsync("/api/guardrails", $$"""{"scope_kind":"organisation","settings":{{settings}} }""");
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, string.Join(' ', problem.Faults())));
    }

    [Fact]
    public async Task Policy_OfTopics_IsKeptAsItIsSent()
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, policy) = await api.PutAsync("/api/guardrails", """{"scope_kind":"organisation","settings":{"topics":{"level":"standard","denied_topics":["politics","rivals"],"own_topics":["rivals: globex, !globex cloud"]} } }""");
        Assert.Equal(HttpStatusCode.OK, status);
        var rule = policy!["settings"]!["topics"]!;
        Assert.Equal(("""["politics","rivals"]""", """["rivals: globex, !globex cloud"]"""), (rule["denied_topics"]!.ToJsonString(), rule["own_topics"]!.ToJsonString()));
    }

    [Fact]
    public async Task Check_ThatWasDeleted_ComesBack_UnlessItsSecretWentWithIt()
    {
        var api = await PortalApi.StartAsync(portal);
        foreach (var (name, secret, status) in new[] { ("open", "", HttpStatusCode.OK), ("sealed", "s", HttpStatusCode.Conflict) })
        {
            var (_, check) = await api.PutAsync(Path, $$"""{"name":"{{name}}","kind":"presidio","url":"https://a.example.com/analyze","secret":"{{secret}}","time_limit_ms":700}""");
            await api.DeleteAsync($"{Path}/{check.Id()}");
            var entry = (await api.ItemsAsync($"/api/audit?target_id={check.Id()}"))[0];
            var (said, answer) = await api.PostAsync($"/api/audit/{entry.Id()}/undo");

            Assert.True(status == said, $"{name}: {answer}");
            if (status == HttpStatusCode.Conflict) Assert.Contains("has_secret", answer!.ToString(), StringComparison.Ordinal);
        }
        var back = Assert.Single(await api.ItemsAsync(Path));
        Assert.Equal(("open", "700"), (back.Text("name"), back["time_limit_ms"]!.ToString()));
    }
}
