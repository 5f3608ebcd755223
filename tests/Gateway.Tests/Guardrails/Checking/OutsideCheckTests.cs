using AspireGateway.Gateway.Guardrails.Checking;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Tests.Guardrails.External;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Guardrails.Checking;

/// <summary>What a text would meet at checks outside, and where in it.</summary>
public sealed class OutsideCheckTests(CheckServer server) : IClassFixture<CheckServer>, IDisposable
{
    private const string Text = "😀 mail ada@example.com to Xyzzyona";

    private static readonly GuardrailRule On = new() { Level = GuardrailLevels.Standard };

    private readonly CheckCaller caller = new(ExternalWorld.Box, TimeProvider.System);

    public void Dispose() => caller.Dispose();

    [Fact]
    public async Task Ask_Recogniser_SeesPlaceholders_AndItsPlacesAreThoseOfTheText()
    {
        // "😀 mail <EMAIL_1> to Xyzzyona", in code points.
        server.Answer("""[{"entity_type":"PERSON","start":20,"end":28,"score":0.9}]""");
        var said = await AskAsync(Text, GuardrailCheckKinds.Presidio, new() { PersonalData = On });

        Assert.Equal("mask", said.Action);
        Assert.Equal([("EMAIL", "ada@example.com"), ("PERSON", "Xyzzyona")], said.Findings.Select(finding => (finding.Type, Text.Substring(finding.Start, finding.Length))));
        Assert.Equal("😀 mail <EMAIL_1> to <PERSON_1>", said.Masked!.Text);
        Assert.Contains("<EMAIL_1>", System.Text.Json.JsonDocument.Parse(server.Asked.Single().Body).RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_FindingWithinAPlaceholder_HasAllOfWhatItStandsFor()
    {
        server.Answer("""[{"entity_type":"NRP","start":9,"end":12,"score":0.9}]""");
        var said = await AskAsync(Text, GuardrailCheckKinds.Presidio, new() { PersonalData = On });
        Assert.Equal(["ada@example.com", "ada@example.com"], said.Findings.Select(finding => Text.Substring(finding.Start, finding.Length)));
    }

    [Theory]
    [InlineData("""{"action":"allow"}""", "allow", "a kite")]
    [InlineData("""{"action":"flag","findings":[{"type":"x","start":0,"end":1}]}""", "flag", "a kite")]
    [InlineData("""{"action":"mask","findings":[{"type":"bird","start":2,"end":6}]}""", "mask", "a <BIRD_1>")]
    [InlineData("""{"action":"block"}""", "block", null)]
    public async Task Ask_Webhook_SaysWhatARequestWouldMeet(string answer, string action, string? output)
    {
        server.Answer(answer);
        var said = await AskAsync("a kite", GuardrailCheckKinds.Webhook, new());
        Assert.Equal((action, output), (said.Action, said.Masked?.Text));
    }

    [Fact]
    public async Task Ask_WhatTheGatewayBlocks_LeavesNothingToAsk()
    {
        server.Answer("""{"action":"allow"}""");
        var said = await AskAsync("a falcon", GuardrailCheckKinds.Webhook, new() { BannedPatterns = On with { Words = ["falcon"] } });
        Assert.Equal(("block", 0), (said.Action, server.Asked.Count));
    }

    [Theory]
    [InlineData(GuardrailFailPolicies.Closed, "block", "CHECK_UNAVAILABLE")]
    [InlineData(GuardrailFailPolicies.Open, "allow", "")]
    public async Task Ask_CheckThatIsGone_SaysSo(string onError, string action, string types)
    {
        server.Answer("no json");
        var said = await AskAsync("a kite", GuardrailCheckKinds.Webhook, new(), onError: onError);
        Assert.Equal((action, types), (said.Action, string.Join(',', said.Findings.Select(finding => finding.Type))));
    }

    [Theory]
    [InlineData("personal_data", 0)]
    [InlineData("external_checks", 1)]
    public async Task Ask_ByName_AsksOnlyThose(string name, int asked)
    {
        server.Answer("""{"action":"allow"}""");
        await AskAsync("a kite", GuardrailCheckKinds.Webhook, new(), [name]);
        Assert.Equal(asked, server.Asked.Count);
    }

    [Fact]
    public async Task Ask_OneBoundToARegion_AsksOnlyChecksInIt()
    {
        server.Answer("""{"action":"allow"}""");
        var said = await AskAsync("a kite", GuardrailCheckKinds.Webhook, new(), residency: [new ResidencyRow(ResidencyScopes.Organisation, null, ["eu-*"])]);
        Assert.Equal(("block", 0), (said.Action, server.Asked.Count));
    }

    private async Task<TextCheck> AskAsync(string text, string kind, GuardrailSettings settings, string[]? names = null, string onError = GuardrailFailPolicies.Closed, ResidencyRow[]? residency = null)
    {
        settings = settings with { ExternalChecks = On with { Checks = ["check"] } };
        var row = ExternalWorld.Row(kind, server.Address) with { OnError = onError };
        var who = ExternalWorld.Caller(settings, [row], residency);
        var rules = new GuardrailPolicies([new GuardrailRow(GuardrailScopes.Organisation, null, settings)], row).For("t", "k", "m");
        return await new OutsideCheck(caller).AskAsync(TextCheck.Of(text, rules, names), who, rules, names, CancellationToken.None);
    }
}
