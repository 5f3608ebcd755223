using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Policies;

public sealed class GuardrailPoliciesTests
{
    private static readonly GuardrailRow Organisation = Row(GuardrailScopes.Organisation, null, GuardrailLevels.Standard, GuardrailActions.Mask);

    [Fact]
    public void For_NoPolicy_LooksAtNothing()
    {
        Assert.Empty(GuardrailPolicies.None.For("t", "k", "m"));
        Assert.Empty(new GuardrailPolicies([Row(GuardrailScopes.Team, "other", GuardrailLevels.Strict, null)]).For("t", "k", "m"));
    }

    [Fact]
    public void For_NearestScope_Decides()
    {
        var policies = new GuardrailPolicies([Organisation, Row(GuardrailScopes.Team, "t", GuardrailLevels.Off, null), Row(GuardrailScopes.Key, "k", GuardrailLevels.Flag, null)]);

        Assert.Equal(GuardrailActions.Mask, Assert.Single(policies.For("other", "other", "m")).PromptAction);
        Assert.Empty(policies.For("t", "other", "m"));
        Assert.Equal(GuardrailActions.Flag, Assert.Single(policies.For("t", "k", "m")).PromptAction);
    }

    [Fact]
    public void For_Model_OnlyMakesItStricter()
    {
        var policies = new GuardrailPolicies(
        [
            Organisation, Row(GuardrailScopes.Key, "k", GuardrailLevels.Off, null), Row(GuardrailScopes.Model, "outside", GuardrailLevels.Strict, GuardrailActions.Block, "secret"),
            Row(GuardrailScopes.Model, "inside", GuardrailLevels.Off, null),
        ]);

        var stricter = Assert.Single(policies.For("t", "x", "outside"));
        Assert.Equal((GuardrailActions.Block, true), (stricter.PromptAction, stricter.IsStrict));
        Assert.Equal(["word", "secret"], stricter.Patterns.Words);
        Assert.Equal(GuardrailActions.Block, Assert.Single(policies.For("t", "k", "outside")).PromptAction);
        Assert.Equal(GuardrailActions.Mask, Assert.Single(policies.For("t", "x", "inside")).PromptAction);
        Assert.Empty(policies.For("t", "k", "inside"));
    }

    [Fact]
    public void For_Floor_SwitchesOnWhatIsHarmfulEverywhere_AndNothingElse()
    {
        foreach (var policies in (GuardrailPolicies[])[GuardrailPolicies.None, new([new(GuardrailScopes.Organisation, null, new() { Secrets = new() { Level = GuardrailLevels.Off }, BannedPatterns = new() { Level = GuardrailLevels.Off, Words = ["w"] } })])])
        {
            var rules = policies.For("t", "k", "m", GuardrailLevels.Strict);
            Assert.Equal(GuardrailNames.OnByFloor.Order(StringComparer.Ordinal), rules.Select(rule => rule.Guardrail.Name).Order(StringComparer.Ordinal));
            Assert.All(rules, rule => Assert.True(rule is { IsStrict: true, ReplyAction: null, FailsOpen: false } && rule.PromptAction == GuardrailActions.DefaultOf(rule.Guardrail.Name)));
            Assert.All(policies.For("t", "k", "m", GuardrailLevels.Standard), rule => Assert.False(rule.IsStrict));
            Assert.Empty(policies.For("t", "k", "m"));
        }
    }

    [Fact]
    public void For_Floor_OnlyMakesStricter()
    {
        var policies = new GuardrailPolicies([new(GuardrailScopes.Organisation, null, new()
        {
            PersonalData = new() { Level = GuardrailLevels.Flag, Action = GuardrailActions.Flag, ExceptTypes = ["EMAIL"], OnError = GuardrailFailPolicies.Open },
            Secrets = new() { Level = GuardrailLevels.Strict, Action = GuardrailActions.Block, ReplyAction = GuardrailActions.Block },
            BannedPatterns = new() { Level = GuardrailLevels.Flag, Action = GuardrailActions.Block, Words = ["w"] },
        })]);
        var rules = policies.For("t", "k", "m", GuardrailLevels.Standard).ToDictionary(rule => rule.Guardrail.Name);
        var (personal, secrets, banned) = (rules[GuardrailNames.PersonalData], rules[GuardrailNames.Secrets], rules[GuardrailNames.BannedPatterns]);
        Assert.Equal((GuardrailActions.Mask, false, false, 0), (personal.PromptAction, personal.IsStrict, personal.FailsOpen, personal.ExceptTypes.Count));
        // What is stricter already stays.
        Assert.Equal((GuardrailActions.Block, GuardrailActions.Block, true), (secrets.PromptAction, secrets.ReplyAction, secrets.IsStrict));
        // What was only counted acts.
        Assert.Equal((GuardrailActions.Block, false), (banned.PromptAction, banned.IsStrict));
        Assert.Equal(5, rules.Count);
        // Without a floor it is as it was, whoever asked before.
        Assert.Equal(GuardrailActions.Flag, policies.For("t", "k", "m")[0].PromptAction);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "strict", "strict")]
    [InlineData("strict", null, "strict")]
    [InlineData("strict", "standard", "strict")]
    [InlineData("standard", "strict", "strict")]
    [InlineData("standard", "standard", "standard")]
    public void Stricter_OfTeamAndKey_IsTheFloor(string? team, string? key, string? expected) => Assert.Equal(expected, GuardrailLevels.Stricter(team, key));

    [Theory]
    [InlineData(GuardrailActions.Reroute, GuardrailActions.Mask, GuardrailActions.Reroute)]
    [InlineData(GuardrailActions.Reroute, GuardrailActions.Quarantine, GuardrailActions.Quarantine)]
    [InlineData(GuardrailActions.Quarantine, GuardrailActions.Block, GuardrailActions.Block)]
    [InlineData(GuardrailActions.Flag, GuardrailActions.Reroute, GuardrailActions.Reroute)]
    public void For_Model_TakesTheStricterAction(string nearest, string ofModel, string expected)
    {
        var policies = new GuardrailPolicies([Row(GuardrailScopes.Key, "k", GuardrailLevels.Standard, nearest), Row(GuardrailScopes.Model, "m", GuardrailLevels.Standard, ofModel)]);
        Assert.Equal(expected, Assert.Single(policies.For("t", "k", "m")).PromptAction);
    }

    [Fact]
    public void For_Model_KeepsTheNearestTargetAndTheShortestWait()
    {
        GuardrailRow With(string kind, string id, string action, string? target, int? hours) =>
            new(kind, id, new() { BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = action, RestrictedModel = target, QuarantineHours = hours, Words = ["word"] } });
        ActiveRule Merged(GuardrailRow key, GuardrailRow model) => Assert.Single(new GuardrailPolicies([key, model]).For("t", "k", "m"));

        Assert.Equal("near", Merged(With(GuardrailScopes.Key, "k", GuardrailActions.Reroute, "near", null), With(GuardrailScopes.Model, "m", GuardrailActions.Reroute, "far", null)).RestrictedModel);
        Assert.Equal("far", Merged(With(GuardrailScopes.Key, "k", GuardrailActions.Mask, null, null), With(GuardrailScopes.Model, "m", GuardrailActions.Reroute, "far", null)).RestrictedModel);
        Assert.Equal(TimeSpan.FromHours(24), Merged(With(GuardrailScopes.Key, "k", GuardrailActions.Quarantine, null, 48), With(GuardrailScopes.Model, "m", GuardrailActions.Quarantine, null, null)).QuarantineTime);
        Assert.Equal(TimeSpan.FromHours(2), Merged(With(GuardrailScopes.Key, "k", GuardrailActions.Quarantine, null, 2), With(GuardrailScopes.Model, "m", GuardrailActions.Flag, null, null)).QuarantineTime);
    }

    [Fact]
    public void For_ReplyActionOfPromptsOnly_EndsTheReply()
    {
        var policies = new GuardrailPolicies([new(GuardrailScopes.Key, "k", new() { BannedPatterns = new() { Level = GuardrailLevels.Standard, ReplyAction = GuardrailActions.Quarantine, Words = ["word"] } })]);
        Assert.Equal(GuardrailActions.Block, Assert.Single(policies.For("t", "k", "m")).ReplyAction);
    }

    [Fact]
    public void ChecksFor_Scopes_AreMergedAsOthersAre()
    {
        var policies = new GuardrailPolicies(
        [
            new(GuardrailScopes.Organisation, null, new() { ReplyFormat = new() { Level = GuardrailLevels.Standard, Schema = "{}", OnInvalid = [InvalidReplySteps.Repair] }, Groundedness = new() { Level = GuardrailLevels.Standard, MinShare = 0.9 } }),
            new(GuardrailScopes.Team, "t", new() { ReplyFormat = new() { Level = GuardrailLevels.Off } }),
            new(GuardrailScopes.Model, "m", new() { ReplyFormat = new() { Level = GuardrailLevels.Flag, ReplyAction = GuardrailActions.Flag }, Groundedness = new() { Level = GuardrailLevels.Standard, MinShare = 0.5, JudgeModel = "judge" } }),
        ]);

        Assert.Equal(["groundedness"], policies.ChecksFor("t", "k", "other").Select(check => check.Check.Name));
        var merged = policies.ChecksFor("x", "k", "m");
        Assert.Equal((GuardrailActions.Block, "{}"), (merged[0].Action, merged[0].Rule.Schema));
        Assert.Equal([InvalidReplySteps.Repair], merged[0].Steps);
        Assert.Equal((0.9, "judge"), (merged[1].Rule.MinShare, merged[1].Rule.JudgeModel));
        Assert.Equal(GuardrailActions.Flag, policies.ChecksFor("t", "k", "m")[0].Action);
        Assert.Same(merged, policies.ChecksFor("y", "z", "m"));
        Assert.Empty(new GuardrailPolicies([Organisation]).ChecksFor("t", "k", "m"));
    }

    [Fact]
    public void For_SameScopes_IsMergedOnce()
    {
        var policies = new GuardrailPolicies([Organisation]);
        Assert.Same(policies.For("t", "k", "m"), policies.For("t2", "k2", "m2"));
    }

    [Fact]
    public void For_OrderOfTheNearestScope_DecidesWhoLooksFirst()
    {
        var rule = new GuardrailRule { Level = GuardrailLevels.Standard, Words = ["w"] };
        var all = new GuardrailSettings { PersonalData = rule, Secrets = rule, PromptInjection = rule, BannedPatterns = rule };
        var policies = new GuardrailPolicies(
        [
            new(GuardrailScopes.Organisation, null, all with { Order = [GuardrailNames.Secrets] }), new(GuardrailScopes.Team, "t", new() { Order = [GuardrailNames.BannedPatterns, GuardrailNames.PromptInjection] }),
        ]);

        Assert.Equal(["secrets", "personal_data", "prompt_injection", "banned_patterns"], policies.For("other", "k", "m").Select(r => r.Guardrail.Name));
        Assert.Equal(["banned_patterns", "prompt_injection", "personal_data", "secrets"], policies.For("t", "k", "m").Select(r => r.Guardrail.Name));
        Assert.Equal(["personal_data", "secrets", "prompt_injection", "banned_patterns"], new GuardrailPolicies([new(GuardrailScopes.Organisation, null, all)]).For("t", "k", "m").Select(r => r.Guardrail.Name));
    }

    private static GuardrailRow Row(string kind, string? id, string level, string? action, string word = "word") =>
        new(kind, id, new() { BannedPatterns = new() { Level = level, Action = action, Words = [word] } });
}
