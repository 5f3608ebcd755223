using System.Globalization;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Tests.Reliability;

/// <summary>Who stands in for one that is left alone is ramped up where others can take the rest, and nobody is refused for it.</summary>
public sealed class StandInsTests
{
    private const int Draws = 20_000;

    private static readonly CircuitTerms Terms = new(Failures: 5, FailurePercent: 50, MinimumRequests: 20, WindowMs: 30_000, LatencyMs: 0, OpenMs: 60_000);
    private static readonly FallbackLeg ForFailures = new() { To = "other" }, OnlyTooLong = new() { To = "larger", ContextLength = true };

    private readonly Chance chance = new(7);
    private long now = 1_000_000_000;

    private int Ramp => CircuitFilter.RampMs;

    [Theory]
    [InlineData(1, "100")]
    [InlineData(2, "50 50")]
    [InlineData(3, "33 33 33")]
    [InlineData(11, "10 9 9 9 9 9 9 9 9 9 9")]
    public void JustOpened_TheNextGetsItsShare_TheOthersTheRest(int standIns, string percent)
    {
        var candidates = With(standIns);
        Open(candidates[0]);

        AssertShares(percent, candidates);
    }

    [Fact]
    public void Share_Grows_UntilTheNextGetsAll()
    {
        var candidates = With(12);
        Open(candidates[0]);
        foreach (var expected in (string[])["10", "25", "50", "100"])
        {
            var last = AssertShares(expected, candidates);
            if (expected == "100") Assert.Null(last);
            else Assert.Equal((expected, "d0", "d1"), ((last!.Share * 100).ToString(CultureInfo.InvariantCulture), last.For.Name, last.StandIn.Name));
            now += Ramp;
        }
    }

    [Fact]
    public void LooksThatFail_DoNotBeginTheRampAnew_ButANewOutageDoes()
    {
        var candidates = With(12);
        var circuit = candidates[0].Deployment.Traffic.Circuit;
        Open(candidates[0]);
        now += Math.Max(3 * Ramp, 60_000);
        circuit.Permit(now);
        Assert.True(circuit.TryEnter(now));
        Assert.NotNull(circuit.Fail(now, now, "timeout", Terms));
        AssertShares("100 0", candidates);

        circuit.Order(heldOpen: false, closedMs: now, now);
        Open(candidates[0]);
        AssertShares("10", candidates);
    }

    [Fact]
    public void TakenOutByHand_RampsToo_AndARestDoesNot()
    {
        var candidates = With(2);
        candidates[0].Deployment.Traffic.Circuit.Order(heldOpen: true, closedMs: 0, now);
        AssertShares("50 50", candidates);

        candidates[0].Deployment.Traffic.Circuit.Order(heldOpen: false, closedMs: 0, now);
        candidates[0].Deployment.Traffic.Circuit.Rest(now, TimeSpan.FromSeconds(20), "its provider limits the rate");
        Assert.Null(AssertShares("100 0", candidates));
    }

    [Fact]
    public void OtherModels_HelpOnlyWhenNoOwnDeploymentCanServe()
    {
        var candidates = With(2);
        candidates[2] = candidates[2] with { Leg = ForFailures };
        Open(candidates[0]);
        AssertShares("100 0", candidates);

        candidates[1] = candidates[1] with { Leg = ForFailures };
        AssertShares("50 50", candidates);

        // One for other failures neither stands in nor helps.
        candidates[2] = candidates[2] with { Leg = OnlyTooLong };
        AssertShares("100 0", candidates);
    }

    [Fact]
    public void WhoIsTooSlow_OrDropped_TakesNothing_AndNobodyIsEverLost()
    {
        var candidates = With(3);
        candidates[2] = candidates[2] with { Dropped = "disabled" };
        for (var i = 0; i < 16; i++) candidates[3].Deployment.Traffic.Circuit.Stand(now, 900, stream: false, Terms);
        Open(candidates[0]);
        AssertShares("100 0 0", candidates, latencyBudgetMs: 500);
        AssertShares("50 0 50", candidates);
    }

    [Theory]
    [InlineData("priority", true)]
    [InlineData("weighted", true)]
    [InlineData("cascade", false)]
    [InlineData("quality", false)]
    [InlineData("ab", false)]
    public void OrdersThatMeanSomethingElse_AreLeftAlone(string strategy, bool may) => Assert.Equal(may, StandIns.MayOrder(strategy));

    [Fact]
    public void Outage_IsToldOnce_EachTime()
    {
        var circuit = With(1)[0].Deployment.Traffic.Circuit;
        Assert.False(circuit.TryTellStandIn());
        circuit.Order(heldOpen: true, closedMs: 0, now);
        Assert.True(circuit.TryTellStandIn());
        Assert.False(circuit.TryTellStandIn());
        circuit.Order(heldOpen: false, closedMs: 0, now);
        circuit.Order(heldOpen: true, closedMs: 0, now + 1);
        Assert.True(circuit.TryTellStandIn());
    }

    [Fact]
    public void Healthy_CostsNoMemory()
    {
        var candidates = With(3);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now);
        StandIns.Ease(candidates, null, 500, at);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) StandIns.Ease(candidates, null, 500, at);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // The percentages in which those behind the first one are asked first, as far as they are given: none and all exactly, others within what chance does in so many draws.
    private StandInRamp? AssertShares(string percent, Candidate[] candidates, int? latencyBudgetMs = null)
    {
        StandInRamp? last = null;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Draws; i++)
        {
            Candidate[] copy = [.. candidates];
            CircuitFilter.Apply(copy, null, null, DateTimeOffset.FromUnixTimeMilliseconds(now));
            last = StandIns.Ease(copy, null, latencyBudgetMs, DateTimeOffset.FromUnixTimeMilliseconds(now), chance);
            Assert.Equal(candidates.Select(c => c.Deployment.Name).Order(), copy.Select(c => c.Deployment.Name).Order());
            var first = copy.First(c => c.Dropped is null).Deployment.Name;
            counts[first] = counts.GetValueOrDefault(first) + 1;
        }
        foreach (var (expected, candidate) in percent.Split(' ').Zip(candidates.Skip(1)))
        {
            var (wanted, got) = (double.Parse(expected, CultureInfo.InvariantCulture), 100.0 * counts.GetValueOrDefault(candidate.Deployment.Name) / Draws);
            var slack = wanted is 0 or 100 ? 0 : 2;
            Assert.InRange(got, wanted - slack, wanted + slack);
        }
        return last;
    }

    private void Open(Candidate candidate)
    {
        for (var i = 0; i < 5; i++) candidate.Deployment.Traffic.Circuit.Fail(now, now, "timeout", Terms);
        Assert.Equal(CircuitState.Open, candidate.Deployment.Traffic.Circuit.StateAt(now));
    }

    private static Candidate[] With(int standIns) => [.. Enumerable.Range(0, standIns + 1).Select(i => CandidateOf($"d{i}"))];

    private static Candidate CandidateOf(string name) => new(
        new DeploymentSnapshot
        {
            Id = Guid.CreateVersion7(), Name = name, UpstreamModel = name, IsEnabled = true, Prices = [],
            Provider = new(Guid.CreateVersion7(), "sim", "openai", new Uri("http://localhost:1"), true, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        }, null, null);
}
