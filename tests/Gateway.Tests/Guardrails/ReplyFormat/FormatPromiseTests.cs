using System.Text;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.ReplyFormat;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.ReplyFormat;

/// <summary>What is said of replies that shall be JSON.</summary>
public sealed class FormatPromiseTests
{
    private const string Schema = """{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}""";

    [Theory]
    [InlineData("""{"n":1}""", null)]
    [InlineData(""" {"n":1} """, null)]
    [InlineData("""{"n":"1"}""", FormatFinding.SchemaMismatch)]
    [InlineData("""{"n":1,"m":2}""", FormatFinding.SchemaMismatch)]
    [InlineData("""{"n":1,"n":1}""", FormatFinding.NotJson)]
    [InlineData("""{"n":1""", FormatFinding.NotJson)]
    [InlineData("""Here it is: {"n":1}""", FormatFinding.NotJson)]
    [InlineData("", FormatFinding.NotJson)]
    [InlineData("```json\n{\"n\":1}\n```", FormatFinding.FencedJson)]
    [InlineData("```\n{\"n\":1}```\n", FormatFinding.FencedJson)]
    [InlineData("```json\n{\"n\":\"x\"}\n```", FormatFinding.SchemaMismatch)]
    [InlineData("```json\nno\n```", FormatFinding.NotJson)]
    public void Find_BySchema_NamesWhatIsAmiss(string text, string? type) => Assert.Equal(type, Promise(Schema).Find(text)?.Type);

    [Theory]
    [InlineData("{}", null)]
    [InlineData("[1]", FormatFinding.SchemaMismatch)]
    [InlineData("1", FormatFinding.SchemaMismatch)]
    public void Find_AnyObject_TakesNothingElse(string text, string? type) => Assert.Equal(type, Promise(null).Find(text)?.Type);

    [Fact]
    public void Find_OwnSchemaOfTheRule_CountsBesideTheRequests()
    {
        var rule = Rule(new() { Level = GuardrailLevels.Standard, Schema = """{"properties":{"n":{"maximum":9}}}""" });
        Assert.Null(FormatPromise.Of(rule, Format(Schema), out var promise));
        Assert.Null(promise!.Find("""{"n":9}"""));
        Assert.Equal("at /n: range", promise.Find("""{"n":10}""")!.Where);
        Assert.Equal("at /n: type", promise.Find("""{"n":"falcon"}""")!.Where);
        Assert.Null(FormatPromise.Of(rule, null, out var alone));
        Assert.Equal("at /n: range", alone!.Find("""{"n":10}""")!.Where);
    }

    [Fact]
    public void Find_NamesOfTheReply_AreNotTold() =>
        Assert.Equal("at /*: additionalProperties; /n: required", Promise(Schema).Find("""{"falcon":1}""")!.Where);

    [Fact]
    public void Find_ToolCallOrRefusal_IsNoAnswerYet()
    {
        var reply = new ChatReply { Choices = { new() { Parts = { new() { Kind = PartKind.ToolCall, Text = JsonText.Of("{}") } } }, new() { FinishReason = FinishReason.Refusal } } };
        Assert.Null(Promise(Schema).Find(reply));
        reply.Choices.Add(new() { Parts = { new() { Kind = PartKind.Text, Text = JsonText.Of("no") } } });
        Assert.Equal(FormatFinding.NotJson, Promise(Schema).Find(reply)!.Type);
    }

    [Fact]
    public void Of_NothingPromised_ChecksNothing()
    {
        Assert.Null(FormatPromise.Of(Rule(new() { Level = GuardrailLevels.Strict }), null, out var promise));
        Assert.Null(promise);
    }

    [Fact]
    public void Of_SchemaThatNobodyHereReads_FollowsTheFailPolicy()
    {
        var format = Format("""{"type":"object","patternProperties":{}}""");
        var refusal = FormatPromise.Of(Rule(new() { Level = GuardrailLevels.Standard }), format, out _);
        Assert.Equal((400, "response_format"), (refusal!.Status, refusal.Param));
        Assert.Contains("patternProperties", refusal.Message, StringComparison.Ordinal);

        Assert.Null(FormatPromise.Of(Rule(new() { Level = GuardrailLevels.Standard, OnError = GuardrailFailPolicies.Open }), format, out var promise));
        Assert.Null(promise!.Find("{}"));
        Assert.Equal(FormatFinding.NotJson, promise.Find("no")!.Type);
    }

    private static FormatPromise Promise(string? schema)
    {
        Assert.Null(FormatPromise.Of(Rule(new() { Level = GuardrailLevels.Standard }), Format(schema), out var promise));
        return promise!;
    }

    private static ResponseFormat Format(string? schema) => new(schema is null ? default : JsonRaw.CopyOf(Encoding.UTF8.GetBytes(schema)));

    private static ActiveCheck Rule(GuardrailRule rule) => ActiveCheck.Of(new ReplyFormatCheck(), rule)!;
}
