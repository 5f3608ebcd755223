using System.Text;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;
using Deployments = AspireGateway.Gateway.Tests.Matrix.Protocols;

namespace AspireGateway.Gateway.Tests.Accounting.Estimating;

/// <summary>Guesses of input tokens, and how reports correct them.</summary>
public sealed class TokenEstimatorTests
{
    private static readonly DeploymentSnapshot OpenAi = Deployments.Deployment("openai"), Anthropic = Deployments.Deployment("anthropic");

    [Fact]
    public void Guess_IsCorrectedByWhatIsReported_ForThatModelOnly()
    {
        var estimator = new TokenEstimator();
        var facts = Read(Text(4000));
        var plain = estimator.InputOf(facts, OpenAi);

        for (var i = 0; i < 200; i++) estimator.Learn(facts, OpenAi, plain * 3 / 2);

        Assert.InRange(estimator.InputOf(facts, OpenAi), plain * 149 / 100, plain * 151 / 100);
        Assert.Equal(TokenEstimator.PlainInputOf(facts, Anthropic), estimator.InputOf(facts, Anthropic));
        Assert.Equal("gpt-5", Assert.Single(estimator.Ratios).Key);
    }

    [Theory]
    [InlineData(1, 0.2)]
    [InlineData(1_000_000_000, 5)]
    public void Correction_StaysWithinItsLimits(long reported, double ratio)
    {
        var estimator = new TokenEstimator();
        var facts = Read(Text(4000));
        for (var i = 0; i < 500; i++) estimator.Learn(facts, OpenAi, reported);

        Assert.Equal(ratio, Assert.Single(estimator.Ratios).Value, 6);
    }

    [Fact]
    public void Guess_IsNearWhatVendorsCount()
    {
        // 4,000 bytes of text are about 1,000 tokens, of Anthropic's rather more.
        Assert.InRange(TokenEstimator.PlainInputOf(Read(Text(4000)), OpenAi), 990, 1020);
        Assert.InRange(TokenEstimator.PlainInputOf(Read(Text(4000)), Anthropic), 1130, 1170);
        // OpenAI's cookbook counts 9 for "Hi" alone.
        Assert.InRange(TokenEstimator.PlainInputOf(Read(Text(2)), OpenAi), 1, 12);
    }

    [Fact]
    public void Picture_CountsAsOne_WhateverItsBytes()
    {
        var facts = Read($$$"""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{new string('A', 1_000_000)}}}"}}]}]}""");

        Assert.InRange(TokenEstimator.PlainInputOf(facts, OpenAi), 765, 800);
    }

    [Fact]
    public void Documents_TeachNothing()
    {
        var estimator = new TokenEstimator();
        estimator.Learn(Read("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}"""), OpenAi, 100_000);
        estimator.Learn(Read(Text(100)), OpenAi, 0);

        Assert.Empty(estimator.Ratios);
    }

    [Fact]
    public void Models_AreBounded()
    {
        var estimator = new TokenEstimator();
        var facts = Read(Text(100));
        for (var i = 0; i < TokenEstimator.MaxModels + 50; i++) estimator.Learn(facts, Named("m" + i), 100);

        Assert.Equal(TokenEstimator.MaxModels, estimator.Ratios.Count());
    }

    [Fact]
    public void Guessing_TakesNoMemory()
    {
        var estimator = new TokenEstimator();
        var facts = Read(Text(100));
        estimator.Learn(facts, OpenAi, 20);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            estimator.Learn(facts, OpenAi, 20);
            estimator.InputOf(facts, OpenAi);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ExpectedSpend_IsTheGuessAtItsPrice_AndNeverAboveTheBound()
    {
        var estimator = new TokenEstimator();
        var averages = new OutputAverages();
        averages.Learn(OpenAi.Id, 100);
        var price = new PriceSnapshot(Guid.Empty, default, new PriceComponents { Input = 1_000_000_000, Output = 4_000_000_000 });
        var facts = Read("""{"messages":[{"role":"user","content":"Hi"}],"n":2,"max_tokens":60}""");

        var tokens = ExpectedSpend.ExpectedInputTokens(facts, OpenAi, estimator);
        Assert.Equal(120, ExpectedSpend.ExpectedOutputTokens(facts, OpenAi, averages, null));
        Assert.Equal(100, ExpectedSpend.ExpectedOutputTokens(facts, OpenAi, averages, 50));
        var expected = ExpectedSpend.Of(facts, OpenAi, price, null, estimator, averages);
        Assert.Equal(tokens * 1000 + 120 * 4000, expected);
        Assert.True(expected <= SpendBound.Of(facts, OpenAi, price, null).WorstNanoUsd);
    }

    private static string Text(int length) => $$"""{"model":"demo-small","messages":[{"role":"user","content":"{{new string('x', length)}}"}]}""";

    private static RequestFacts Read(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var facts = new RequestFacts(bytes, bytes.Length);
        Assert.Null(RequestFactsReader.Read(facts, Operation.ChatCompletions, 64));
        return facts;
    }

    private static DeploymentSnapshot Named(string model) => new()
    {
        Id = OpenAi.Id, Name = "d", Provider = OpenAi.Provider, UpstreamModel = model, IsEnabled = true, Prices = [],
    };
}
