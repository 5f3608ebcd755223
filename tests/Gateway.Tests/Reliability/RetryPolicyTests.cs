using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Routing.Strategies;

namespace AspireGateway.Gateway.Tests.Reliability;

/// <summary>What is tried again, when, and how often at most.</summary>
public sealed class RetryPolicyTests
{
    private static readonly ReliabilityOptions Options = new();

    [Theory]
    [InlineData(408, "timeout", true)]
    [InlineData(409, "rejected", true)]
    [InlineData(429, "rate_limited", true)]
    [InlineData(500, "server_error", true)]
    [InlineData(502, "server_error", true)]
    [InlineData(503, "overloaded", true)]
    [InlineData(504, "timeout", true)]
    [InlineData(529, "overloaded", true)]
    [InlineData(null, "connect_failed", true)]
    [InlineData(null, "broken", true)]
    [InlineData(200, "broken", true)]
    [InlineData(200, "overloaded", true)]
    [InlineData(400, "rejected", false)]
    [InlineData(401, "unauthorized", false)]
    [InlineData(402, "rate_limited", false)]
    [InlineData(404, "not_found", false)]
    [InlineData(500, "context_length", false)]
    [InlineData(501, "server_error", false)]
    [InlineData(null, "timeout", false)]
    [InlineData(200, "timeout", false)]
    [InlineData(200, "malformed", false)]
    public void IsRepeatable_IsAClosedList(int? status, string outcome, bool expected) =>
        Assert.Equal(expected, RetryPolicy.IsRepeatable(Attempt(status, outcome), Failure(outcome)));

    [Fact]
    public void Wait_IsSpreadUnderABoundThatDoublesToTenSeconds()
    {
        var chance = new Chance(20_261_129);
        double[] bounds = [1_000, 2_000, 4_000, 8_000, 10_000, 10_000];
        for (var number = 0; number < bounds.Length; number++)
        {
            var waits = Enumerable.Range(0, 2_000).Select(_ => RetryPolicy.Wait(number, null, Options, chance).TotalMilliseconds).ToList();
            Assert.InRange(waits.Max(), bounds[number] * 0.98, bounds[number]);
            Assert.InRange(waits.Min(), 0, bounds[number] * 0.02);
            Assert.InRange(waits.Average(), bounds[number] * 0.46, bounds[number] * 0.54);
        }
    }

    [Fact]
    public void Wait_IsNoLessThanTheProviderAsks() =>
        Assert.Equal(TimeSpan.FromSeconds(7), RetryPolicy.Wait(0, TimeSpan.FromSeconds(7), Options, new Chance(1)));

    [Fact]
    public void Trail_TriesFirstWhoIsReadyFirst_ThenWhoWasTriedLeast()
    {
        var trail = new AttemptTrail(3);
        trail.Note(0, Attempt(429, "rate_limited"), Failure("rate_limited") with { ToldSeconds = 5 });
        trail.Note(1, Attempt(500, "server_error"), Failure("server_error"));
        trail.Note(2, Attempt(500, "server_error"), Failure("server_error"));

        Assert.Equal(1, trail.Next(1_000, out var none));
        Assert.Null(none);
        trail.Note(1, Attempt(500, "server_error"), Failure("server_error"));
        Assert.Equal(2, trail.Next(1_000, out _));
        trail.GiveUp(1);
        trail.GiveUp(2);
        Assert.Equal(0, trail.Next(1_000_000, out var asked));
        Assert.Equal(TimeSpan.FromSeconds(4), asked);
        trail.GiveUp(0);
        Assert.Equal(-1, trail.Next(1_000_000, out _));
    }

    [Fact]
    public async Task Budget_ManyFailingRequests_AreRetriedForAFifthOfThem()
    {
        var budget = new RetryBudget();
        var retries = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1_250; i++)
            {
                budget.Earn(Options.RetryShare, Options.RetryReserve);
                for (var retry = 0; retry < 3; retry++)
                    if (budget.TrySpend(Options.RetryReserve)) Interlocked.Increment(ref retries);
            }
        })));

        // The reserve, and a fifth of the requests that came after the first.
        Assert.InRange(retries, 2_000, 2_000 + Options.RetryReserve);
    }

    [Fact]
    public void Budget_OfNothing_AllowsNone() => Assert.False(new RetryBudget().TrySpend(0));

    private static Attempt Attempt(int? status, string outcome) => new(default, 0, null, 0, status, outcome);

    private static ProviderFailure Failure(string outcome) => new(outcome, TryNext: true, Refusal.UpstreamError("It failed."));
}
