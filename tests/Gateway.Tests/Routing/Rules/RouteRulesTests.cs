using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Rules;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Rules;

/// <summary>Which rule holds for which request, and what it may not do.</summary>
public sealed class RouteRulesTests
{
    private static readonly RuleAction ToBig = new() { Model = "big" };

    [Fact]
    public void FirstRuleThatHolds_Decides()
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        world.Rule("tools", new() { Tools = true }, ToBig);
        world.Rule("all", new(), new() { Model = "small" });

        Assert.Equal("small rule:all", world.Ask("Hi"));
        Assert.Equal("big rule:tools", world.Plan(RuleWorld.Body("Hi", ""","tools":[{"type":"function","function":{"name":"f"}}]""")));
    }

    [Fact]
    public void NoRuleHolds_AsWithoutRules()
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        world.Rule("never", new() { Models = ["other"] }, ToBig);

        Assert.Equal("small default_model", world.Ask("Hi"));
        Assert.Equal("big priority", world.Plan("""{"model":"big","messages":[{"role":"user","content":"x"}]}"""));
    }

    [Fact]
    public void Rule_NeverSendsWhereKeyOrTeamMayNot()
    {
        foreach (var (key, team) in new[] { (new[] { "small" }, Array.Empty<string>()), ([], ["small", "sim/small*"]) })
        {
            var world = new RuleWorld("small", "big") { DefaultModel = "small", KeyModels = key, TeamModels = team };
            world.Rule("to big", new(), ToBig);
            world.Rule("to its deployment", new(), new() { Deployment = "big-1" });

            Assert.Equal("small default_model", world.Ask("Hi"));
            Assert.Equal("model_not_allowed", world.Plan("""{"model":"big","messages":[{"role":"user","content":"x"}]}"""));
            Assert.Equal(["model_not_allowed", "model_not_allowed"], world.Rules.Explain(world.Exchange(RuleWorld.Body("Hi"))).Select(r => r.Failing));
        }
    }

    [Fact]
    public void NameThatIsRefusedWithoutRules_StaysRefused()
    {
        var world = new RuleWorld("small", "big") { KeyModels = ["small"] };
        world.Rule("all", new(), new() { Model = "small" });

        Assert.Equal("model_not_found", world.Plan("""{"model":"nothing","messages":[{"role":"user","content":"x"}]}"""));
        Assert.Equal("model_not_allowed", world.Plan("""{"model":"big","messages":[{"role":"user","content":"x"}]}"""));
        // No default is set, but a rule knows one.
        Assert.Equal("small rule:all", world.Ask("x"));
    }

    [Fact]
    public void Deny_SaysWhyAndWhichRule()
    {
        var world = new RuleWorld("small") { DefaultModel = "small" };
        world.Rule("no pictures", new() { AnyWords = ["forbidden"] }, new() { Deny = "Ask the platform team." });

        var exchange = world.Exchange(RuleWorld.Body("This is FORBIDDEN, really"));
        Assert.Equal("route_denied", world.Plan(exchange));
        Assert.Equal("Ask the platform team. (rule 'no pictures')", world.Rules.Apply(exchange).Refusal!.Message);
        Assert.Equal(403, world.Rules.Apply(exchange).Refusal!.Status);
        Assert.Null(exchange.Plan);
    }

    [Fact]
    public void Deployment_StandsAlone_AndStrategyReorders()
    {
        var world = new RuleWorld { DefaultModel = "pair" };
        world.Model("pair", "a", "b");
        world.Rule("one", new() { Features = ["one"] }, new() { Deployment = "b" });
        world.Rule("turns", new() { Features = ["turns"] }, new() { Strategy = RoutingStrategies.RoundRobin });

        var alone = world.Exchange(RuleWorld.Body("x"), h => h["x-gateway-feature"] = "one");
        Assert.Equal("sim/b-upstream rule:one", world.Plan(alone));
        Assert.Equal("b", Assert.Single(alone.Plan!.Candidates).Deployment.Name);

        var first = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            var turn = world.Exchange(RuleWorld.Body("x"), h => h["x-gateway-feature"] = "turns");
            Assert.Equal("pair rule:turns", world.Plan(turn));
            first.Add(turn.Plan!.First.Deployment.Name);
        }
        Assert.Equal(2, first.Count);
    }

    [Fact]
    public void Rule_ThatSends_IsAboutConversations_UnlessItSaysOtherwise()
    {
        var world = new RuleWorld("small", "vectors", "other-vectors") { DefaultModel = "vectors" };
        world.Rule("all", new(), new() { Model = "small" });

        // One that catches everything does not send texts for vectors to a chat model.
        Assert.Equal("vectors default_model", Embed(world));
        Assert.Equal("small rule:all", world.Plan(world.Exchange(RuleWorld.Body("x"), operation: Operation.CountTokens)));
        world.Rule("said", new() { Operations = ["embeddings"], Keys = [world.KeyId], PromptTokens = new() { Max = 100 } }, new() { Model = "other-vectors" });
        Assert.Equal("other-vectors rule:said", Embed(world));
        Assert.Equal("small rule:all", world.Ask("x"));
    }

    [Fact]
    public void EveryOperation_HasItsNameInRules() =>
        Assert.Equal(RuleOperations.All.Order(StringComparer.Ordinal), Routes.Journey.Select(o => o.RuleName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("""{"users":["u"]}""", true)]
    [InlineData("""{"models":["auto"]}""", true)]
    [InlineData("""{"prompt_tokens":{"max":50}}""", true)]
    [InlineData("""{"days":["wed"],"from":"10:00","until":"11:00"}""", true)]
    [InlineData("""{"tasks":["legal"]}""", true)]
    [InlineData("""{"operations":["embeddings","rerank"]}""", true)]
    [InlineData("""{"operations":["chat"]}""", false)]
    // What needs a conversation is neither there nor not there.
    [InlineData("""{"tasks":["coding"]}""", false)]
    [InlineData("""{"complexity":["low","medium","high"]}""", false)]
    [InlineData("""{"any_words":["x"]}""", false)]
    [InlineData("""{"all_words":["x"]}""", false)]
    [InlineData("""{"pattern":"x"}""", false)]
    [InlineData("""{"pattern":"x*"}""", false)]
    [InlineData("""{"has_code":false}""", false)]
    [InlineData("""{"tools":false}""", false)]
    [InlineData("""{"json_schema":false}""", false)]
    [InlineData("""{"turns":{"max":5}}""", false)]
    public void OtherOperations_MeetConditionsThatNeedNoConversation(string when, bool expected)
    {
        var world = new RuleWorld("vectors") { DefaultModel = "vectors" };
        world.RawRule("it", when, """{"deny":"Not now."}""");

        Assert.Equal(expected ? "route_denied" : "vectors default_model", Embed(world));
        Assert.Empty(world.Faults);
    }

    [Fact]
    public void Tasks_OfOtherOperations_AreNotRecorded_ButADeclaredOneIsSeen()
    {
        var world = new RuleWorld("vectors") { DefaultModel = "vectors", RecordTasks = true };
        world.Rule("legal", new() { Operations = ["embeddings"], Tasks = ["coding"] }, new() { Model = "vectors" });
        var exchange = world.Exchange("""{"input":"x"}""", operation: Operation.Embeddings);

        Assert.Equal("vectors default_model", world.Plan(exchange));
        Assert.Null(exchange.Task);
    }

    private static string Embed(RuleWorld world) => world.Plan(world.Exchange("""{"input":"x"}""", h =>
    {
        h["x-gateway-user"] = "u";
        h["x-gateway-task"] = "legal";
    }, Operation.Embeddings));

    [Theory]
    [InlineData("""{"any_words":["write code","implement*"]}""", "Please IMPLEMENTING it", true)]
    [InlineData("""{"any_words":["write code","implement"]}""", "Please reimplement it", false)]
    [InlineData("""{"any_words":["sql"]}""", "MySQL is fine", false)]
    [InlineData("""{"any_words":["sql"]}""", "mysql or (SQL)?", true)]
    [InlineData("""{"any_words":["代码"]}""", "请写代码吧", true)]
    [InlineData("""{"all_words":["invoice","total"]}""", "The invoice has a total.", true)]
    [InlineData("""{"all_words":["invoice","total"]}""", "The invoice has totals.", false)]
    [InlineData("""{"pattern":"order\\s+#?\\d{4}\\b"}""", "Where is Order #1234?", true)]
    [InlineData("""{"pattern":"^order"}""", "My order", false)]
    [InlineData("""{"has_code":true}""", "See:\n```\nx\n```", true)]
    [InlineData("""{"has_code":false}""", "See: x", true)]
    [InlineData("""{"turns":{"min":2}}""", "x", false)]
    [InlineData("""{"turns":{"max":1}}""", "x", true)]
    [InlineData("""{"prompt_tokens":{"max":50}}""", "x", true)]
    [InlineData("""{"prompt_tokens":{"min":50}}""", "x", false)]
    [InlineData("""{"tasks":["coding"]}""", "Write a Python function that sorts a list.", true)]
    [InlineData("""{"tasks":["coding"],"task_confidence":1}""", "Write a Python function that sorts a list.", false)]
    [InlineData("""{"tasks":["chat","math"]}""", "Write a Python function that sorts a list.", false)]
    [InlineData("""{"complexity":["low"]}""", "What is the capital of France?", true)]
    [InlineData("""{"complexity":["medium","high"]}""", "What is the capital of France?", false)]
    [InlineData("""{"models":["auto"]}""", "x", true)]
    [InlineData("""{"models":["gpt-*"]}""", "x", false)]
    [InlineData("""{"max_tokens":{"max":100}}""", "x", false)]
    [InlineData("""{"json_schema":false,"tools":false,"images":false,"audio":false,"documents":false}""", "x", true)]
    [InlineData("""{"json_schema":true}""", "x", false)]
    public void Prompt_IsLookedAt(string when, string prompt, bool expected) => Assert.Equal(expected, Holds(when, RuleWorld.Body(prompt)));

    [Theory]
    [InlineData("""{"max_tokens":{"max":100}}""", ""","max_tokens":100""", true)]
    [InlineData("""{"max_tokens":{"max":100}}""", ""","max_completion_tokens":101""", false)]
    [InlineData("""{"models":["small"]}""", ""","model":"small-alias" """, true)]
    [InlineData("""{"models":["sm*"]}""", ""","model":"small" """, true)]
    [InlineData("""{"json_schema":true}""", ""","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}}""", true)]
    public void Fields_AreLookedAt(string when, string more, bool expected) => Assert.Equal(expected, Holds(when, RuleWorld.Body("x", more)));

    [Theory]
    [InlineData("""[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]""", """{"images":true,"audio":false,"documents":false}""")]
    [InlineData("""[{"type":"text","text":"x"},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]""", """{"audio":true,"images":false}""")]
    [InlineData("""[{"type":"text","text":"x"},{"type":"file","file":{"file_data":"AAAA"}}]""", """{"documents":true}""")]
    public void Media_AreSeen(string content, string when) => Assert.True(Holds(when, $$"""{"messages":[{"role":"user","content":{{content}}}]}"""));

    [Theory]
    [InlineData("""{"users":["u"]}""", "x-gateway-user", "u", true)]
    [InlineData("""{"users":["u"]}""", "x-gateway-user", "v", false)]
    [InlineData("""{"agents":["a"]}""", "x-gateway-agent", "a", true)]
    [InlineData("""{"tags":{"env":"prod"}}""", "x-gateway-tags", "env=prod,team=core", true)]
    [InlineData("""{"tags":{"env":"prod","team":"core"}}""", "x-gateway-tags", "env=prod,team=core", true)]
    [InlineData("""{"tags":{"env":"prod"}}""", "x-gateway-tags", "env=production", false)]
    [InlineData("""{"tags":{"env":"prod"}}""", "x-gateway-tags", "note=x\"env\":\"prod\"", false)]
    [InlineData("""{"tasks":["legal"],"task_confidence":1}""", "x-gateway-task", "legal", true)]
    public void Headers_AreLookedAt(string when, string header, string value, bool expected) =>
        Assert.Equal(expected, Holds(when, RuleWorld.Body("x"), headers: (header, value)));

    [Fact]
    public void KeysAndTeams_AreLookedAt()
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        world.Rule("other", new() { Keys = [Guid.CreateVersion7()] }, ToBig);
        world.Rule("other team", new() { Teams = [Guid.CreateVersion7()] }, ToBig);
        Assert.Equal("small default_model", world.Ask("x"));

        world.Rule("mine", new() { Keys = [Guid.CreateVersion7(), world.KeyId], Teams = [world.TeamId] }, ToBig);
        Assert.Equal("big rule:mine", world.Ask("x"));
    }

    [Theory]
    // Wednesday 25 November 2026, 10:30 UTC is 11:30 in Berlin.
    [InlineData("""{"days":["wed"],"from":"11:00","until":"12:00"}""", "Europe/Berlin", "2026-11-25T10:30:00Z", true)]
    [InlineData("""{"days":["wed"],"from":"11:00","until":"12:00"}""", "UTC", "2026-11-25T10:30:00Z", false)]
    [InlineData("""{"days":["sat","sun"]}""", "UTC", "2026-11-25T10:30:00Z", false)]
    [InlineData("""{"until":"10:30"}""", "UTC", "2026-11-25T10:30:00Z", false)]
    [InlineData("""{"from":"10:30"}""", "UTC", "2026-11-25T10:30:00Z", true)]
    [InlineData("""{"from":"22:00","until":"06:00"}""", "UTC", "2026-11-25T23:00:00Z", true)]
    [InlineData("""{"from":"22:00","until":"06:00"}""", "UTC", "2026-11-25T12:00:00Z", false)]
    // Early on Thursday is still Wednesday's night.
    [InlineData("""{"days":["wed"],"from":"22:00","until":"06:00"}""", "UTC", "2026-11-26T05:00:00Z", true)]
    [InlineData("""{"days":["wed"],"from":"22:00","until":"06:00"}""", "UTC", "2026-11-25T05:00:00Z", false)]
    public void TimeOfDay_IsTheOrganisations(string when, string zone, string now, bool expected) =>
        Assert.Equal(expected, Holds(when, RuleWorld.Body("x"), world =>
        {
            world.TimeZone = zone;
            world.Time.Now = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        }));

    [Fact]
    public void Tier_OfTheKeyBeforeTheTeams()
    {
        const string When = """{"tiers":["premium"]}""";
        var (premium, free) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.False(Holds(When, RuleWorld.Body("x")));
        Assert.True(Holds(When, RuleWorld.Body("x"), world => Give(world, "team", world.TeamId.ToString(), premium)));
        Assert.False(Holds(When, RuleWorld.Body("x"), world =>
        {
            Give(world, "team", world.TeamId.ToString(), premium);
            Give(world, "key", world.KeyId.ToString(), free);
        }));

        void Give(RuleWorld world, string kind, string id, Guid tier)
        {
            if (world.Spending.Count == 0)
            {
                world.Spending.Add(new TierRow(premium, world.OrganisationId, "premium", 1, null, null));
                world.Spending.Add(new TierRow(free, world.OrganisationId, "free", 1, null, null));
            }
            world.Spending.Add(new TierAssignmentRow(Guid.CreateVersion7(), world.OrganisationId, kind, id, tier));
        }
    }

    [Theory]
    [InlineData("""{"budget":{"scope":"team","at_least":0.8}}""", 79, 0, false)]
    [InlineData("""{"budget":{"scope":"team","at_least":0.8}}""", 80, 0, true)]
    [InlineData("""{"budget":{"scope":"team","at_least":0.8}}""", 80, 100, false)]
    [InlineData("""{"budget":{"scope":"organisation","at_least":0.1}}""", 90, 0, false)]
    public void Budget_ShareOfTheCapWithRaises(string when, long settled, long raise, bool expected) =>
        Assert.Equal(expected, Holds(when, RuleWorld.Body("x"), world =>
        {
            var budget = Guid.CreateVersion7();
            world.Spending.Add(new BudgetRow(budget, world.OrganisationId, "team", world.TeamId.ToString(), "monthly", 100, "reject", null, [], default));
            if (raise > 0) world.Spending.Add(new RaiseRow(Guid.CreateVersion7(), world.OrganisationId, budget, null, raise, DateTimeOffset.MaxValue));
            world.Settled[budget] = settled;
        }));

    [Theory]
    [InlineData("global", null, true)]
    [InlineData("organisation", null, true)]
    [InlineData("team", null, true)]
    [InlineData("key", null, true)]
    [InlineData("user", "u", true)]
    [InlineData("feature", "f", true)]
    [InlineData("agent", "a", true)]
    [InlineData("model", "small", true)]
    [InlineData("user", "v", false)]
    [InlineData("model", "big", false)]
    public void Budget_OfAnyScope_IsTheRequestsOwn_OrACertainOne(string kind, string? name, bool isOwn)
    {
        // The request's own, with a default for its kind, then the same budget by its name.
        Assert.Equal(isOwn, With($$"""{"budget":{"scope":"{{kind}}","at_least":0.8} }""", 80));
        Assert.False(With($$"""{"budget":{"scope":"{{kind}}","at_least":0.8} }""", 79));
        if (name is null) return;
        Assert.True(With($$"""{"budget":{"scope":"{{kind}}","scope_id":"{{name}}","at_least":0.8} }""", 80));
        Assert.False(With($$"""{"budget":{"scope":"{{kind}}","scope_id":"somebody","at_least":0.8} }""", 80));

        bool With(string when, long settled) => Holds(when, RuleWorld.Body("x", ""","user":"u" """), world =>
        {
            var budget = Guid.CreateVersion7();
            var id = kind switch { "team" => world.TeamId.ToString(), "key" => world.KeyId.ToString(), _ => name };
            world.Spending.Add(new BudgetRow(budget, kind == "global" ? Guid.Empty : world.OrganisationId, kind, id, "monthly", 100, "reject", null, [], default));
            world.Settled[budget] = settled;
        }, more: [("x-gateway-feature", "f"), ("x-gateway-agent", "a")]);
    }

    [Fact]
    public void Budget_OfAKind_CountsForEachByItself()
    {
        Assert.True(Holds("""{"budget":{"scope":"user","at_least":0.8}}""", RuleWorld.Body("x", ""","user":"u" """), Set));
        // Without a user there is no such budget.
        Assert.False(Holds("""{"budget":{"scope":"user","at_least":0}}""", RuleWorld.Body("x"), Set));

        static void Set(RuleWorld world)
        {
            var budget = Guid.CreateVersion7();
            world.Spending.Add(new BudgetRow(budget, world.OrganisationId, "user", null, "monthly", 100, "reject", null, [], default));
            world.Settled[budget] = 90;
        }
    }

    [Fact]
    public void Pin_OfARule_HoldsForWhatTheRuleDecides_BeforeAllOthers()
    {
        var world = new RuleWorld("small") { DefaultModel = "small" };
        world.Model("pair", "a", "b");
        var sent = world.Rule("sent", new() { Features = ["sent"] }, new() { Model = "pair" });
        var ordered = world.Rule("ordered", new() { Features = ["ordered"] }, new() { Strategy = RoutingStrategies.RoundRobin });
        world.Rule("free", new() { Features = ["free"] }, new() { Model = "pair" });
        world.Pin(PinScopes.Rule, sent.ToString(), "pair", "b", "v2");
        world.Pin(PinScopes.Rule, ordered.ToString(), "pair", "b", "v3", PinPolicies.Allow);
        world.Pin(PinScopes.Key, world.KeyId.ToString(), "pair", "a", "v1");

        Assert.Equal(("pair pin", "b v2"), First("sent", null));
        Assert.Equal(("pair pin", "b v3"), First("ordered", "pair"));
        Assert.Equal(("pair pin", "a v1"), First("free", null));
        // The rule decides about another model here.
        Assert.Equal(("small rule:ordered", "small-1 small-1-upstream"), First("ordered", "small"));

        (string, string) First(string feature, string? model)
        {
            var exchange = world.Exchange(RuleWorld.Body("x", model is null ? "" : $",\"model\":\"{model}\""), h => h["x-gateway-feature"] = feature);
            return (world.Plan(exchange), $"{exchange.Plan!.First.Deployment.Name} {exchange.Plan.First.Deployment.UpstreamModel}");
        }
    }

    [Fact]
    public void Budget_NothingHeardYet_DoesNotHold() =>
        Assert.False(Holds("""{"budget":{"scope":"team","at_least":0}}""", RuleWorld.Body("x"), world =>
            world.Spending.Add(new BudgetRow(Guid.CreateVersion7(), world.OrganisationId, "team", null, "monthly", 100, "reject", null, [], default))));

    [Fact]
    public void OwnTask_BeatsTheClassifier_AndADeclaredOneBeatsBoth()
    {
        var world = new RuleWorld("small") { DefaultModel = "small", RecordTasks = true };
        world.Task("legal", ["clause*"], @"\bNDA\b");

        Assert.Equal(("legal", 1f, TaskSources.Words), Task("Write an email about clauses."));
        Assert.Equal(("legal", 1f, TaskSources.Words), Task("Check the nda please"));
        Assert.Equal(("writing", TaskSources.Classifier), (Task("Write an email to my landlord.").Label, Task("Write an email to my landlord.").Source));
        Assert.Equal(("mine", 1f, TaskSources.Declared), Task("Check the nda please", "mine"));

        (string? Label, float Confidence, string Source) Task(string prompt, string? declared = null)
        {
            var exchange = world.Exchange(RuleWorld.Body(prompt), h =>
            {
                if (declared is not null) h["x-gateway-task"] = declared;
            });
            world.Plan(exchange);
            var task = exchange.Task!.Value;
            Assert.Equal("low", task.Complexity);
            return (task.Label, task.Confidence, task.Source);
        }
    }

    [Fact]
    public void Task_IsToldOnlyWhereSomebodyWantsToKnow()
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        world.Rule("tools and coding", new() { Tools = true, Tasks = ["coding"] }, ToBig);
        var (without, with) = (world.Exchange(RuleWorld.Body("Hi")), world.Exchange(RuleWorld.Body("Hi", ""","tools":[{"type":"function","function":{"name":"f"}}]""")));

        world.Plan(without);
        world.Plan(with);

        Assert.Null(without.Task);
        Assert.Equal("chat", with.Task!.Value.Label);
    }

    [Theory]
    [InlineData("""{"moon":"full"}""", """{"model":"small"}""", "it cannot be read")]
    [InlineData("[]", """{"model":"small"}""", "it cannot be read")]
    [InlineData("{}", """{"model":"gone"}""", "its model is gone")]
    [InlineData("{}", """{"deployment":"gone"}""", "its deployment is gone")]
    [InlineData("{}", "{}", "it does nothing")]
    [InlineData("""{"pattern":"(a)\\1"}""", """{"model":"small"}""", "its pattern cannot be used")]
    [InlineData("""{"from":"25:00"}""", """{"model":"small"}""", "its time of day cannot be read")]
    [InlineData("""{"days":["someday"]}""", """{"model":"small"}""", "it names a day that there is not")]
    [InlineData("""{"task_confidence":0.5}""", """{"model":"small"}""", "it asks how sure a task is, but names none")]
    public void BrokenRule_NeverHolds_IsAFault_AndTheOthersStand(string when, string then, string fault)
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        world.RawRule("broken", when, then);
        world.Rule("good", new(), ToBig);

        Assert.Equal("big rule:good", world.Ask("x"));
        Assert.Equal((ConfigurationKinds.Rule, fault), (Assert.Single(world.Faults).Kind, world.Faults[0].Reason));
        Assert.Equal([fault, null], world.Rules.Explain(world.Exchange(RuleWorld.Body("x"))).Select(r => r.Failing));
    }

    [Fact]
    public void Explain_SaysWhichConditionFailed()
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        world.Rule("a", new() { Tools = true }, ToBig);
        world.Rule("b", new() { AnyWords = ["x"], Complexity = ["high"] }, ToBig);
        world.Rule("c", new() { Complexity = ["low"] }, ToBig);

        Assert.Equal([("a", "tools"), ("b", "complexity"), ("c", null)], world.Rules.Explain(world.Exchange(RuleWorld.Body("x"))).Select(r => (r.Rule.Name, r.Failing)));
    }

    [Fact]
    public void PatternsThatCostTooMuch_AreRefused()
    {
        Assert.Null(RuleBounds.Compile(@"(a)\1"));
        Assert.Null(RuleBounds.Compile("("));
        Assert.Null(RuleBounds.Compile(""));
        Assert.Null(RuleBounds.Compile(new string('a', RuleBounds.MaxPattern + 1)));
        Assert.Null(RuleBounds.Compile("((a{1,999}){1,999}){1,999}"));
        Assert.NotNull(RuleBounds.Compile(@"\b(refund|chargeback)\b"));
    }

    [Fact]
    public void Rules_AllocateNothing()
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        for (var i = 0; i < 48; i++) world.Rule($"no {i}", new() { Features = ["f"], Tags = new Dictionary<string, string> { ["a"] = "b" }, Tiers = ["t"], Days = ["sun"] }, ToBig);
        world.Rule("words", new() { AnyWords = ["alpha", "beta"], Pattern = @"\bgamma\d+\b", Budget = new() { Scope = "team", AtLeast = 0.5 } }, ToBig);
        world.Rule("task", new() { Tasks = ["writing"], Complexity = ["low"] }, ToBig);
        var exchange = world.Exchange(RuleWorld.Body("Write an email to my landlord."));
        var rules = world.Rules;
        for (var i = 0; i < 100; i++) Assert.Equal("rule:task", rules.Apply(exchange).Reason);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) rules.Apply(exchange);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool Holds(string when, string body, Action<RuleWorld>? set = null, (string Name, string Value)? headers = null, (string Name, string Value)[]? more = null)
    {
        var world = new RuleWorld("small", "big") { DefaultModel = "small" };
        set?.Invoke(world);
        world.RawRule("it", when, """{"model":"big"}""");
        var planned = world.Plan(body, h =>
        {
            if (headers is { } header) h[header.Name] = header.Value;
            foreach (var (name, value) in more ?? []) h[name] = value;
        });
        Assert.Empty(world.Faults);
        return planned == "big rule:it";
    }
}
