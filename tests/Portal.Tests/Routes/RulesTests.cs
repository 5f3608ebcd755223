using System.Net;
using AspireGateway.Portal.Routes;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Tests.Routes;

/// <summary>Routing rules and own tasks through HTTP: their life, their order, and what is refused.</summary>
public sealed class RulesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Rules_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("Blue Team");
        await api.ModelAsync("big");
        var rule = await api.MadeAsync("/api/rules", $$"""
            {"name":"coding","when":{"tasks":["coding"],"task_confidence":0.6,"any_words":["write code"],"teams":["{{team}}"],"prompt_tokens":{"max":1000},"tags":{"env":"prod"},
             "days":["mon"],"from":"08:00","until":"18:00","budget":{"scope":"team","scope_id":"{{team}}","at_least":0.8} },"then":{"model":"big"} }
            """);
        Assert.Equal(["created_at", "created_by", "enabled", "id", "name", "position", "then", "when"], rule.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal((0, true, "big"), (rule["position"]!.GetValue<int>(), rule["enabled"]!.GetValue<bool>(), rule["then"].Text("model")));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/rules", """{"name":"coding","then":{"deny":"no"}}""")).Status);
        var second = await api.MadeAsync("/api/rules", """{"name":"night","enabled":false,"then":{"strategy":"cheapest"}}""");
        var third = await api.MadeAsync("/api/rules", """{"name":"one","then":{"deployment":"d-big"}}""");

        var id = rule.Id();
        var (_, moved) = await api.PutAsync("/api/rules/order", $$"""{"ids":["{{third.Id()}}","{{id}}","{{second.Id()}}"]}""");
        Assert.Equal(["one", "coding", "night"], moved!["items"]!.AsArray().Select(r => r!.Text("name")));
        Assert.Equal(["one", "coding", "night"], (await api.ItemsAsync("/api/rules")).Select(r => r.Text("name")));
        Assert.Equal(["ids"], (await api.PutAsync("/api/rules/order", $$"""{"ids":["{{id}}"]}""")).Body.Faults());

        // What a rule sends to does not vanish under it.
        var model = (await api.ItemsAsync("/api/models")).Single().Id();
        var (conflict, why) = await api.DeleteAsync($"/api/models/{model}");
        Assert.Equal((HttpStatusCode.Conflict, "It is named by rule coding. Choose another model there first, or end what names it."), (conflict, why.Text("detail")));
        var deployment = (await api.ItemsAsync("/api/deployments")).Single().Id();
        Assert.Equal(HttpStatusCode.Conflict, (await api.PutAsync($"/api/deployments/{deployment}", """{"name":"renamed","upstream_model":"m"}""")).Status);

        var (_, changed) = await api.PutAsync($"/api/rules/{id}", """{"name":"coding","when":{"tools":true},"then":{"deny":"Not here."}}""");
        Assert.True(changed!["when"]!["tools"]!.GetValue<bool>());
        Assert.Null(changed["when"]!["tasks"]);
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/rules/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/api/rules/{id}")).Status);
        var trail = await api.ItemsAsync($"/api/audit?target_id={id}");
        Assert.Equal(["rule.delete", "rule.update", "rule.move", "rule.create"], trail.Select(a => a.Text("action")));
        Assert.Equal("Not here.", trail[0]["before"]!["then"].Text("deny"));
    }

    [Theory]
    [InlineData("""{}""", "name", "then")]
    [InlineData("""{"name":"a b","then":{"deny":"x"}}""", "name")]
    [InlineData("""{"name":"r","then":{"model":"m","deny":"x"}}""", "then")]
    [InlineData("""{"name":"r","then":{"model":"nothing"}}""", "then.model")]
    [InlineData("""{"name":"r","then":{"deployment":"nothing"}}""", "then.deployment")]
    [InlineData("""{"name":"r","then":{"strategy":"luck"}}""", "then.strategy")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"moon":"full"}}""", "when.moon")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"turns":{"least":1}}}""", "when.turns.least")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"turns":{}}}""", "when.turns")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"max_tokens":{"min":2,"max":1}}}""", "when.max_tokens")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"task_confidence":0.5}}""", "when.task_confidence")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"tasks":["a"],"task_confidence":1.5}}""", "when.task_confidence")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"complexity":["huge"]}}""", "when.complexity")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"any_words":[]}}""", "when.any_words")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"any_words":["*"]}}""", "when.any_words")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"pattern":"(a)\\1"}}""", "when.pattern")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"days":["someday"],"from":"8"}}""", "when.days", "when.from")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"from":"08:00","until":"08:00"}}""", "when.until")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"budget":{"scope":"deployment","at_least":-1}}}""", "when.budget.at_least", "when.budget.scope")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"budget":{"scope":"organisation","scope_id":"x","at_least":1}}}""", "when.budget.scope_id")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"budget":{"scope":"key","scope_id":"my key","at_least":1}}}""", "when.budget.scope_id")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"budget":{"scope":"key","scope_id":"019abf00-0000-7000-8000-000000000000","at_least":1}}}""", "when.budget.scope_id")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"budget":{"scope":"team","scope_id":"019abf00-0000-7000-8000-000000000000","at_least":1}}}""", "when.budget.scope_id")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"budget":{"scope":"model","scope_id":"nothing","at_least":1}}}""", "when.budget.scope_id")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"budget":{"scope":"team","team_id":"019abf00-0000-7000-8000-000000000000","at_least":1}}}""", "when.budget.team_id")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"operations":["walking"]}}""", "when.operations")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"teams":["019abf00-0000-7000-8000-000000000000"]}}""", "when.teams")]
    [InlineData("""{"name":"r","then":{"deny":"x"},"when":{"keys":["019abf00-0000-7000-8000-000000000000"]}}""", "when.keys")]
    public async Task Rule_Wrong_IsRefusedByPath(string json, params string[] fields)
    {
        var api = await PortalApi.StartAsync(portal);

        Assert.Equal(fields, await api.FaultsAsync("/api/rules", json));
    }

    [Fact]
    public async Task Tasks_Life_IsAsDocumented()
    {
        var api = await PortalApi.StartAsync(portal);
        var task = await api.MadeAsync("/api/tasks", """{"name":"legal","words":["clause*","liability"],"patterns":["\\bNDA\\b"]}""");
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/tasks", """{"name":"legal","words":["x"]}""")).Status);
        Assert.Equal(["name"], await api.FaultsAsync("/api/tasks", """{"name":"coding","words":["x"]}"""));
        Assert.Equal(["words"], await api.FaultsAsync("/api/tasks", """{"name":"empty"}"""));
        Assert.Equal(["patterns"], await api.FaultsAsync("/api/tasks", """{"name":"bad","patterns":["(?=x)"]}"""));
        var (_, changed) = await api.PutAsync($"/api/tasks/{task.Id()}", """{"name":"legal","words":["contract"]}""");
        Assert.Empty(changed!["patterns"]!.AsArray());
        Assert.Equal(["legal"], (await api.ItemsAsync("/api/tasks")).Select(t => t.Text("name")));
        Assert.Equal(HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/tasks/{task.Id()}")).Status);
        Assert.Equal(["task.delete", "task.update", "task.create"], (await api.ItemsAsync($"/api/audit?target_id={task.Id()}")).Select(a => a.Text("action")));
    }

    [Fact]
    public async Task Preview_OfAnotherOrganisationsKey_IsNotFound()
    {
        var (mine, theirs) = (await PortalApi.StartAsync(portal), await PortalApi.StartAsync(portal));
        var key = await theirs.KeyAsync(await theirs.TeamAsync("T"), "k");

        Assert.Equal(HttpStatusCode.NotFound, (await mine.PostAsync("/api/rules/preview", $$"""{"key_id":"{{key}}","request":{"messages":[]} }""")).Status);
        Assert.Equal(["headers.host", "key_id", "request"], await mine.FaultsAsync("/api/rules/preview", """{"headers":{"host":"x"},"request":[]}"""));
    }

    [Fact]
    public void PreviewTicket_IsForOneKeyAndAMinute()
    {
        var (box, key, now) = (portal.Get<SecretBox>(), Guid.CreateVersion7(), PortalHost.Now());
        var ticket = PreviewTicket.Issue(box, key, now);

        Assert.Equal(key, PreviewTicket.Read(box, ticket, now.AddSeconds(59)));
        Assert.Null(PreviewTicket.Read(box, ticket, now.AddSeconds(62)));
        Assert.Null(PreviewTicket.Read(box, ticket[..^2] + (ticket[^2] == 'A' ? "BA" : "AA"), now));
        Assert.Null(PreviewTicket.Read(box, null, now));
        Assert.Null(PreviewTicket.Read(box, "", now));
        Assert.Null(PreviewTicket.Read(box, new string('A', 401), now));
        // Nothing else that is sealed with the same key is a ticket.
        Assert.Null(PreviewTicket.Read(box, System.Buffers.Text.Base64Url.EncodeToString(box.Seal($"{key:N}{now.AddMinutes(1).ToUnixTimeSeconds()}", key)), now));
    }

    [Fact]
    public void RuleForm_ThereAndBack_IsTheSameRule()
    {
        var (team, key) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var when = new RuleConditions
        {
            Tasks = ["coding", "mine"], TaskConfidence = 0.65, Complexity = ["low"], AnyWords = ["a b", "c*"], AllWords = ["d"], Pattern = "e,f", HasCode = false, Turns = new() { Min = 2 },
            PromptTokens = new() { Max = 3 }, MaxTokens = new() { Min = 1, Max = 9 }, Tools = true, Images = false, Audio = true, Documents = false, JsonSchema = true, Models = ["auto"], Keys = [key],
            Teams = [team], Users = ["u"], Features = ["f"], Agents = ["g"], Tags = new Dictionary<string, string> { ["x"] = "y=z", ["w"] = "" }, Tiers = ["t"], Days = ["mon"], From = "08:00", Until = "18:00",
            Budget = new() { Scope = "user", ScopeId = "u", AtLeast = 0.8 }, Operations = ["chat", "embeddings"],
        };
        foreach (var then in new RuleAction[] { new() { Model = "m" }, new() { Deployment = "d" }, new() { Strategy = "cheapest" }, new() { Deny = "no" } })
        {
            var rule = new RuleDetails { Id = key, Position = 1, Name = "r", Enabled = false, When = when, Then = then, CreatedAt = default, CreatedBy = "" };

            var back = RuleForm.Of(rule).Request();

            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(when, RuleJson.Default.RuleConditions), System.Text.Json.JsonSerializer.Serialize(back.When!, RuleJson.Default.RuleConditions));
            Assert.Equal((then, "r", false), (back.Then, back.Name, back.Enabled));
        }
        Assert.Equal(new RuleConditions(), new RuleForm { Name = "r" }.Request().When);
    }

    [Fact]
    public void EveryCondition_HasWords()
    {
        var empty = RuleWords.When(new(), null);
        var said = RuleWords.When(new() { Tasks = ["question_answering"], TaskConfidence = 0.6, MaxTokens = new() { Max = 1200 }, HasCode = false, Until = "08:00" }, null);

        Assert.Empty(empty);
        Assert.Equal(
            ["it asks for embeddings or images", "80 % of the user's own budget is used"],
            RuleWords.When(new() { Operations = ["embeddings", "images_generations"], Budget = new() { Scope = "user", AtLeast = 0.8 } }, null));
        Assert.Equal(["50 % of the budget of model gpt is used"], RuleWords.When(new() { Budget = new() { Scope = "model", ScopeId = "gpt", AtLeast = 0.5 } }, null));
        Assert.Equal(["the task is question answering, at least 60 % sure", "it has no block of code", "at most 1,200 output tokens asked for", "it is before 08:00"], said);
    }
}
