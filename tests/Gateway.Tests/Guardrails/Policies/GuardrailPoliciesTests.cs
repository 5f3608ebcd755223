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
