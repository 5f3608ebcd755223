using System.Text;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing;

/// <summary>What the gate of a cascade says of answers.</summary>
public sealed class QualityGateTests
{
    private const string Schema = """{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}""";
    private static readonly CascadeSettings All = new();

    [Theory]
    [InlineData(FinishReason.Stop, null)]
    [InlineData(FinishReason.StopSequence, null)]
    [InlineData(FinishReason.ToolCalls, null)]
    [InlineData(FinishReason.Pause, null)]
    [InlineData(FinishReason.Other, null)]
    [InlineData(FinishReason.Length, "finish_reason")]
    [InlineData(FinishReason.ContentFilter, "finish_reason")]
    [InlineData(FinishReason.Refusal, "refusal")]
    internal void FinishReason_CutAnswersFail(FinishReason reason, string? check) => Assert.Equal(check, Of("Paris is the capital.", reason).Check);

    [Theory]
    [InlineData("I'm sorry, but I can't help with that.", true)]
    [InlineData("I\u2019m sorry, but I can\u2019t assist with this request.", true)]
    [InlineData("  I cannot provide medical advice.", true)]
    [InlineData("Unfortunately, I am unable to open links.", true)]
    [InlineData("As an AI, I don't have the ability to see.", true)]
    [InlineData("Sorry is a word of apology.", false)]
    [InlineData("Unfortunately, the train was late.", false)]
    [InlineData("The letter began: I'm sorry, but I can't help with that.", false)]
    [InlineData("", false)]
    public void RefusalWords_OnlyTheOpeningCounts(string text, bool expected) => Assert.Equal(expected, RefusalWords.Opens(text));

    [Fact]
    public void RefusalPart_Fails()
    {
        var reply = Reply("", FinishReason.Stop);
        reply.Choices[0].Parts.Add(new() { Kind = PartKind.Refusal, Text = JsonText.Of("No.") });
        Assert.Equal(("refusal", 0.0), (QualityGate.Score(reply, null, All).Check, QualityGate.Score(reply, null, All).Score));
    }

    [Theory]
    [InlineData("", 1, "length")]
    [InlineData(" \n ", 1, "length")]
    [InlineData("ab", 2, null)]
    [InlineData("ab", 3, "length")]
    // Two characters, though four units of UTF-16.
    [InlineData("\U0001F600\U0001F600", 3, "length")]
    public void Length_CountsCharacters(string text, int fewest, string? check) =>
        Assert.Equal(check, QualityGate.Score(Reply(text, FinishReason.Stop), null, new() { MinCharacters = fewest }).Check);

    [Fact]
    public void ToolCall_NeedsNeitherWordsNorForm()
    {
        var reply = Reply("", FinishReason.ToolCalls);
        reply.Choices[0].Parts.Add(new() { Kind = PartKind.ToolCall, Name = JsonText.Of("look"), Text = JsonText.Of("{}") });
        Assert.Equal(1, QualityGate.Score(reply, new(JsonRaw.CopyOf(Encoding.UTF8.GetBytes(Schema))), All).Score);
    }

    [Theory]
    [InlineData("""{"n":1}""", Schema, null)]
    [InlineData("""{"n":"1"}""", Schema, "schema")]
    [InlineData("""{"n":1,"m":2}""", Schema, "schema")]
    [InlineData("""{"n":1,"n":2}""", Schema, "schema")]
    [InlineData("""{"n":1""", Schema, "schema")]
    [InlineData("Here it is: {\"n\":1}", Schema, "schema")]
    [InlineData("""{"any":1}""", null, null)]
    [InlineData("[1]", null, "schema")]
    // What nobody here understands is no reason to throw an answer away.
    [InlineData("""{"n":"x"}""", """{"type":"object","dependentSchemas":{}}""", null)]
    public void Schema_IsHeldTo(string text, string? schema, string? check) =>
        Assert.Equal(check, QualityGate.Score(Reply(text, FinishReason.Stop), new(schema is null ? default : JsonRaw.CopyOf(Encoding.UTF8.GetBytes(schema))), All).Check);

    [Fact]
    public void Logprobs_GeometricMeanOfTheAnswersOwnTokens()
    {
        var reply = Reply("ab", FinishReason.Stop);
        var list = new LogprobList(int.MaxValue);
        // ln 0.5 and ln 0.5, beside an alternative that does not count.
        list.Add("""{"token":"a","logprob":-0.6931471805599453,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-9.5,"bytes":null}]}"""u8);
        list.Add("""{"token":"b","logprob":-0.6931471805599453,"bytes":null,"top_logprobs":[]}"""u8);
        reply.Choices[0].Parts[0].Logprobs = list;

        var verdict = QualityGate.Score(reply, null, All);
        Assert.Equal("logprobs", verdict.Check);
        Assert.Equal(0.5, verdict.Score, 9);
        Assert.Equal(1, QualityGate.Score(reply, null, new() { Checks = [CascadeChecks.Length] }).Score);
    }

    [Fact]
    public void SeveralChoices_TheWorstCounts_AndNoneIsNoAnswer()
    {
        var reply = Reply("Good.", FinishReason.Stop);
        reply.Choices.Add(Reply("Cut", FinishReason.Length).Choices[0]);
        Assert.Equal("finish_reason", QualityGate.Score(reply, null, All).Check);
        Assert.Equal("length", QualityGate.Score(new(), null, All).Check);
    }

    [Fact]
    public void Checks_OnlyThoseChosenAreMade() => Assert.Equal(1, QualityGate.Score(Reply("", FinishReason.Length), null, new() { Checks = [CascadeChecks.Schema] }).Score);

    [Theory]
    [InlineData("""{"score": 0.75}""", 0.75)]
    [InlineData("""```json {"score":1} ```""", 1.0)]
    [InlineData("""I think {"Score": "0.4", "why": "short"}""", 0.4)]
    [InlineData("0.9", 0.9)]
    [InlineData("""{"score": 7}""", null)]
    [InlineData("""{"score": -1}""", null)]
    [InlineData("0.9 of 1", null)]
    [InlineData("good", null)]
    [InlineData("", null)]
    public void JudgesWords_AreReadOrAbstain(string words, double? expected) => Assert.Equal(expected, JudgePrompt.ScoreIn(words));

    [Theory]
    [InlineData("a")]
    [InlineData("\U0001F600")]
    [InlineData("\"")]
    [InlineData("\u0001")]
    [InlineData("\u00e4")]
    public void JudgesQuestion_StaysWithinItsBound_WhateverIsInIt(string character)
    {
        var endless = string.Concat(Enumerable.Repeat(character, 50_000));
        var rubric = string.Concat(Enumerable.Repeat(character, 1_000));
        using var facts = JudgePrompt.Write(rubric, "begin" + endless, endless + "end");

        Assert.True(facts.Body.Length <= JudgePrompt.MostBytes(rubric), $"{facts.Body.Length} bytes");
        Assert.True(facts.Body.Length > JudgePrompt.MostBytes(rubric) / 2);
        Assert.Equal((JudgePrompt.Messages, JudgePrompt.MostOutput), (facts.Messages, (int)facts.MaxOutputTokens!.Value));
    }

    private static GateVerdict Of(string text, FinishReason reason) => QualityGate.Score(Reply(text, reason), null, All);

    private static ChatReply Reply(string text, FinishReason reason)
    {
        var choice = new ReplyChoice { FinishReason = reason };
        choice.Parts.Add(new() { Kind = PartKind.Text, Text = JsonText.Of(text) });
        var reply = new ChatReply();
        reply.Choices.Add(choice);
        return reply;
    }
}
