using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Guardrails.External;

/// <summary>What becomes of a request by what checks say.</summary>
public sealed class ExternalScreenTests(CheckServer server) : IClassFixture<CheckServer>, IDisposable
{
    private const string Flagged = """{"results":[{"flagged":true,"categories":{"violence":true}}]}""";

    private readonly CheckCaller caller = new(ExternalWorld.Box, TimeProvider.System);

    private static readonly GuardrailRule Rule = new() { Level = GuardrailLevels.Standard, Checks = ["check"] };

    public void Dispose() => caller.Dispose();

    [Fact]
    public async Task Screen_Flagged_IsRefusedByTypeAndCount()
    {
        server.Answer(Flagged);
        var (refusal, _, exchange) = await ScreenAsync(Rule, "x", ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address));

        Assert.Equal((403, "guardrail_blocked"), (refusal!.Status, refusal.Code));
        Assert.Contains("1 VIOLENCE", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("external_checks;block;VIOLENCE=1", exchange.Screened!.Tally.ToHeader());
    }

    [Fact]
    public async Task Screen_RuleThatFlagsOnly_OnlyCounts()
    {
        server.Answer(Flagged);
        var (refusal, _, exchange) = await ScreenAsync(Rule with { Level = GuardrailLevels.Flag }, "x", ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address));

        Assert.Null(refusal);
        Assert.Equal("external_checks;flag;VIOLENCE=1", exchange.Screened!.Tally.ToHeader());
    }

    [Fact]
    public async Task Screen_ExceptedType_DoesNotCount()
    {
        server.Answer(Flagged);
        Assert.Null((await ScreenAsync(Rule with { ExceptTypes = ["VIOLENCE"] }, "x", ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address))).Refusal);
    }

    [Fact]
    public async Task Screen_WebhookThatMasks_MasksAndRestores()
    {
        server.Answer("""{"action":"mask","findings":[{"type":"CODENAME","start":8,"end":14}]}""");
        var (refusal, body, exchange) = await ScreenAsync(Rule, "Project falcon flies", ExternalWorld.Row(GuardrailCheckKinds.Webhook, server.Address));

        Assert.Null(refusal);
        Assert.Contains("Project <CODENAME_1> flies", body, StringComparison.Ordinal);
        Assert.Equal("falcon", exchange.Screened!.Placeholders.ValueOf("<CODENAME_1>"));
    }

    [Fact]
    public async Task Screen_WebhookThatMasksWithoutAPlace_LetsNothingPass()
    {
        server.Answer("""{"action":"mask"}""");
        Assert.NotNull((await ScreenAsync(Rule, "x", ExternalWorld.Row(GuardrailCheckKinds.Webhook, server.Address))).Refusal);
    }

    [Fact]
    public async Task Screen_Recogniser_JoinsTheMaskingOfPersonalData()
    {
        server.Answer("""[{"entity_type":"PERSON","start":0,"end":8,"score":0.85},{"entity_type":"LOCATION","start":14,"end":19,"score":0.2}]""");
        var settings = new GuardrailSettings { ExternalChecks = Rule, PersonalData = new() { Level = GuardrailLevels.Standard, ExceptTypes = ["ORGANISATION"] } };
        var (refusal, body, _) = await ExternalWorld.ScreenAsync(caller, settings, "Xyzzyona is in plugh, mail ada@example.com", [ExternalWorld.Row(GuardrailCheckKinds.Presidio, server.Address)]);

        Assert.Null(refusal);
        Assert.Contains("<PERSON_1> is in plugh, mail <EMAIL_1>", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Screen_WhatOtherGuardrailsMask_IsNotSent()
    {
        server.Answer("""{"results":[{"flagged":false}]}""");
        var settings = new GuardrailSettings { ExternalChecks = Rule, PersonalData = new() { Level = GuardrailLevels.Standard } };
        await ExternalWorld.ScreenAsync(caller, settings, "Mail ada@example.com", [ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address)]);

        Assert.DoesNotContain("ada", server.Asked.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Screen_WhatOtherGuardrailsBlock_IsNotSent()
    {
        server.Answer(Flagged);
        var settings = new GuardrailSettings { ExternalChecks = Rule, BannedPatterns = new() { Level = GuardrailLevels.Standard, Words = ["falcon"] } };
        var (refusal, _, _) = await ExternalWorld.ScreenAsync(caller, settings, "falcon", [ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address)]);

        Assert.Contains("banned_patterns", refusal!.Message, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData(GuardrailFailPolicies.Closed, true)]
    [InlineData(GuardrailFailPolicies.Open, false)]
    public async Task Screen_DeadCheck_FollowsItsFailPolicy(string onError, bool isRefused)
    {
        server.Does = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        var (refusal, _, _) = await ScreenAsync(Rule, "x", ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address) with { OnError = onError });

        Assert.Equal(isRefused, refusal is not null);
    }

    [Fact]
    public async Task Screen_TwoChecks_AreAskedAtTheSameTime()
    {
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        server.Does = async http =>
        {
            if (Interlocked.Increment(ref waiting) == 2) both.SetResult();
            await both.Task;
            await http.Response.WriteAsync("""{"results":[{"flagged":false}]}""");
        };
        var (refusal, _, _) = await ExternalWorld.ScreenAsync(
            caller, new() { ExternalChecks = Rule with { Checks = ["check", "other"] } }, "x",
            [ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address), ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address, "other")]);

        Assert.Null(refusal);
        Assert.Equal(2, waiting);
    }

    [Fact]
    public async Task Screen_CheckOfReplies_IsNotAskedAboutPrompts()
    {
        server.Answer(Flagged);
        Assert.Null((await ScreenAsync(Rule, "x", ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address) with { AppliesTo = GuardrailCheckTexts.Replies })).Refusal);
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData(new[] { "eu-west-1" }, true)]
    [InlineData(new[] { "eu-west-1", "us-east-1" }, false)]
    [InlineData(new string[0], false)]
    public async Task Screen_RequestBoundToARegion_GoesOnlyToChecksInIt(string[] regions, bool isAsked)
    {
        server.Answer("""{"results":[{"flagged":false}]}""");
        var (refusal, _, _) = await ExternalWorld.ScreenAsync(
            caller, new() { ExternalChecks = Rule }, "x", [ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address) with { Regions = regions }], [new ResidencyRow(ResidencyScopes.Organisation, null, ["eu-*"])]);

        Assert.Equal((isAsked, isAsked ? 1 : 0), (refusal is null, server.Asked.Count));
    }

    [Fact]
    public async Task Screen_NoCheckOfThatName_AsksNobody()
    {
        server.Answer(Flagged);
        Assert.Null((await ScreenAsync(Rule with { Checks = ["gone"] }, "x", ExternalWorld.Row(GuardrailCheckKinds.Moderations, server.Address))).Refusal);
        Assert.Empty(server.Asked);
    }

    private Task<(AspireGateway.Gateway.Pipeline.Refusal? Refusal, string Body, AspireGateway.Gateway.Pipeline.Exchange Exchange)> ScreenAsync(GuardrailRule rule, string text, CheckRow check) =>
        ExternalWorld.ScreenAsync(caller, new() { ExternalChecks = rule }, text, [check]);
}
