using System.Text;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Tests.OpenAi;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Accounting;

/// <summary>What providers' prompt caches saved, to the nano-USD.</summary>
public sealed class PrefixSavingsTests
{
    // $3, $0.30, $3.75, $6 and $15 a million.
    private static readonly PriceComponents Sonnet = new() { Input = 3_000_000_000, CacheRead = 300_000_000, CacheWrite = 3_750_000_000, CacheWrite1h = 6_000_000_000, Output = 15_000_000_000 };

    [Theory]
    // 10,000 tokens read: $0.03 less $0.003.
    [InlineData(10_000, 0, 0, 27_000_000L)]
    // 10,000 tokens written: a quarter of $0.03 more. For an hour: as much again.
    [InlineData(0, 10_000, 0, -7_500_000L)]
    [InlineData(0, 10_000, 10_000, -30_000_000L)]
    // Net of what was written.
    [InlineData(10_000, 4_000, 0, 24_000_000L)]
    // One token: 2,700 nano-USD.
    [InlineData(1, 0, 0, 2_700L)]
    public void Saved_IsTheFullPriceLessWhatWasPaid(long read, long written, long forAnHour, long nanoUsd)
    {
        var spend = Priced(Sonnet, new TokenUsage(50, read, written, 7, 0), new() { CacheWrite1hTokens = forAnHour });

        Assert.Equal(nanoUsd, spend.PrefixSavedNanoUsd);
        Assert.Equal(CostCalculator.CostOf(Sonnet, new TokenUsage(50 + read + written, 0, 0, 7, 0)) - nanoUsd, spend.CostNanoUsd);
    }

    [Fact]
    public void Saved_WithoutACache_IsNotSaid()
    {
        Assert.Null(Priced(Sonnet, new TokenUsage(50, 0, 0, 7, 0)).PrefixSavedNanoUsd);
        Assert.Null(Priced(null, new TokenUsage(50, 100, 0, 7, 0)).PrefixSavedNanoUsd);
        // A price that says nothing of caches saves nothing.
        Assert.Equal(0, Priced(new() { Input = 1_000_000_000, Output = 1 }, new TokenUsage(0, 100, 100, 7, 0)).PrefixSavedNanoUsd);
    }

    [Fact]
    public void Saved_OfSeveralAnswers_IsTheirSum()
    {
        var (none, some) = (Priced(Sonnet, new TokenUsage(1, 0, 0, 1, 0)), Priced(Sonnet, new TokenUsage(0, 10, 0, 1, 0)));

        Assert.Equal(27_000, PriceUsage.Sum(none, some).PrefixSavedNanoUsd);
        Assert.Equal(54_000, PriceUsage.Sum(some, some).PrefixSavedNanoUsd);
        Assert.Null(PriceUsage.Sum(none, none).PrefixSavedNanoUsd);
    }

    [Theory]
    [InlineData(0, 3_000_000_000L)]
    [InlineData(1, 3_750_000_000L)]
    [InlineData(2, 6_000_000_000L)]
    public void Bound_OfWhatTheGatewayMayMark_CoversTheWriting(int wish, long perMillion)
    {
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes($$"""{"model":"m","max_tokens":1,"system":"{{new string('a', 9_000)}}","messages":[{"role":"user","content":"Hi"}]}"""), Operation.Messages);
        facts.PrefixWish = (CacheWish)wish;
        var deployment = Matrix.Protocols.Deployment("anthropic");

        var bound = SpendBound.Of(facts, deployment, new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, Sonnet), keyCap: null);

        Assert.Equal((bound.InputTokens * perMillion + 999_999) / 1_000_000, bound.InputNanoUsd);
    }

    private static Spend Priced(PriceComponents? price, TokenUsage usage, UnitUsage units = default)
    {
        var deployment = Matrix.Protocols.Deployment("anthropic");
        var exchange = new Exchange(new DefaultHttpContext(), Operation.Messages, null, TimeProvider.System) { Request = OpenAiCase.Facts("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}"""u8.ToArray(), Operation.Messages) };
        using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        var candidate = new Gateway.Routing.Candidate(deployment, price is null ? null : new PriceSnapshot(Guid.NewGuid(), DateTimeOffset.UnixEpoch, price), null);
        exchange.Call.Standing = new ProviderReply(candidate, ProviderModules.Find("anthropic")!, timer, new HttpResponseMessage(), new ReplyFacts { Usage = usage, Units = units, IsFinished = true });
        return PriceUsage.Of(exchange);
    }
}
