using AspireGateway.Gateway.Routing.Canaries;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Shared.Canaries;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing.Canaries;

/// <summary>
/// The automatic rollback by simulation, with fixed seeds: bad canaries are rolled back within 200 of their requests in at least 95 of 100 runs, good ones in at most 5 of 100 runs of
/// 2,000 of theirs. Requests: 1 % fail, latency is log-normal around 800 ms, cost log-normal around $0.002, both with a sigma of 0.5; the canary has 10 % of them.
/// </summary>
public sealed class CanaryEvaluatorTests(ITestOutputHelper output)
{
    private const int Runs = 100;

    [Theory]
    [InlineData("errors +20 points", CanaryReasons.ErrorRate, 0.21, 1, 1, 0)]
    [InlineData("latency x2", CanaryReasons.Latency, 0.01, 2, 1, 0)]
    [InlineData("cost x1.5", CanaryReasons.Cost, 0.01, 1, 1.5, 0)]
    [InlineData("votes -0.2", CanaryReasons.Quality, 0.01, 1, 1, 0.2)]
    public void BadCanary_IsRolledBackWithin200OfItsRequests(string what, string reason, double errors, double latency, double cost, double voteDrop)
    {
        var ends = Enumerable.Range(0, Runs).Select(run => Run(run, 200, errors, latency, cost, voteDrop)).ToList();

        var caught = ends.Where(end => end.Reason is not null).ToList();
        output.WriteLine($"{what}: {caught.Count} of {Runs}, median after {caught.Select(end => end.Requests).Order().ElementAt(caught.Count / 2)} requests");
        Assert.InRange(caught.Count, 95, Runs);
        Assert.InRange(caught.Count(end => end.Reason == reason), 95, Runs);
    }

    // Every third request takes three times as long, the others as long as before.
    [Fact]
    public void SlowTail_IsSeenThoughTheMedianIsTheSame()
    {
        var ends = Enumerable.Range(0, Runs).Select(run => Run(run, 200, 0.01, 1, 1, 0, slowTail: 0.33)).ToList();
        output.WriteLine($"slow tail: {ends.Count(end => end.Reason is not null)} of {Runs}");
        Assert.InRange(ends.Count(end => end.Reason == CanaryReasons.Latency), 95, Runs);
    }

    [Theory]
    [InlineData("the same", 0.01, 0.1)]
    [InlineData("the same, half of the traffic", 0.01, 0.5)]
    [InlineData("the same, both bad", 0.2, 0.1)]
    public void GoodCanary_IsRarelyRolledBack(string what, double errors, double share)
    {
        var ends = Enumerable.Range(1_000, Runs).Select(run => Run(run, 2_000, errors, 1, 1, 0, share: share, errorsOfBaseline: errors)).ToList();
        output.WriteLine($"{what}: {ends.Count(end => end.Reason is not null)} of {Runs} ({string.Join(", ", ends.Select(end => end.Reason).OfType<string>())})");
        Assert.InRange(ends.Count(end => end.Reason is not null), 0, 5);
    }

    [Fact]
    public void GuardThatIsOff_DoesNotRollBack()
    {
        var (canary, baseline) = (new ArmCounts(), new ArmCounts());
        for (var i = 0; i < 500; i++)
        {
            canary.Fail();
            baseline.Serve(1_000_000, 100);
        }
        Assert.Equal(CanaryReasons.ErrorRate, CanaryEvaluator.Broken(canary, baseline, CanaryGuards.Default));
        Assert.Null(CanaryEvaluator.Broken(canary, baseline, CanaryGuards.Default with { MaxErrorIncrease = null }));
        // Even if half of all may fail, all is too much; if all may, nothing is.
        Assert.Equal(CanaryReasons.ErrorRate, CanaryEvaluator.Broken(canary, baseline, CanaryGuards.Default with { MaxErrorIncrease = 0.5 }));
        Assert.Null(CanaryEvaluator.Broken(canary, baseline, CanaryGuards.Default with { MaxErrorIncrease = 1 }));
    }

    [Fact]
    public void FewRequests_SayNothing()
    {
        var (canary, baseline) = (new ArmCounts(), new ArmCounts());
        for (var i = 0; i < 19; i++) canary.Fail();
        for (var i = 0; i < 1_000; i++) baseline.Serve(1_000_000, 100);
        Assert.Null(CanaryEvaluator.Broken(canary, baseline, CanaryGuards.Default));
        canary.Fail();
        Assert.Equal(CanaryReasons.ErrorRate, CanaryEvaluator.Broken(canary, baseline, CanaryGuards.Default));
    }

    [Fact]
    public void Scale_ReadsPercentilesWithinAFewPercent()
    {
        var counts = new ArmCounts();
        for (var i = 1; i <= 10_000; i++) counts.Serve(i * 1_000L, null);
        Assert.InRange(LatencyScale.At(LatencyScale.Quantile(counts.Latencies, 0.95)!.Value), 9_400_000, 9_600_000);
        Assert.InRange(LatencyScale.Above(counts.Latencies, LatencyScale.Quantile(counts.Latencies, 0.95)!.Value), 499, 501);
        Assert.Null(LatencyScale.Quantile(new ArmCounts().Latencies, 0.95));
    }

    private static (string? Reason, int Requests) Run(
        int seed, int most, double errors, double latency, double cost, double voteDrop, double slowTail = 0, double share = 0.1, double errorsOfBaseline = 0.01)
    {
        var chance = new Chance((ulong)seed * 7_919 + 17);
        var (canary, baseline) = (new ArmCounts(), new ArmCounts());
        var requests = 0;
        while (requests < most)
        {
            var isCanary = chance.Next() < share;
            var arm = isCanary ? canary : baseline;
            if (chance.Next() < (isCanary ? errors : errorsOfBaseline)) arm.Fail();
            else
            {
                var slow = isCanary && chance.Next() < slowTail ? 3 : 1;
                arm.Serve((long)(800_000 * LogNormal(chance) * slow * (isCanary ? latency : 1)), 2_000 * LogNormal(chance) * (isCanary ? cost : 1));
            }
            arm.Vote(Math.Clamp(0.8 - (isCanary ? voteDrop : 0) + 0.15 * Normal(chance), 0, 1));
            if (!isCanary) continue;
            requests++;
            if (CanaryEvaluator.Broken(canary, baseline, CanaryGuards.Default) is { } reason) return (reason, requests);
        }
        return (null, requests);
    }

    private static double LogNormal(Chance chance) => Math.Exp(0.5 * Normal(chance));

    private static double Normal(Chance chance) => Math.Sqrt(-2 * Math.Log(1 - chance.Next())) * Math.Cos(2 * Math.PI * chance.Next());
}
