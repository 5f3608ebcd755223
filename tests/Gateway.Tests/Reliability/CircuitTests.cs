using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Tests.Reliability;

/// <summary>When a circuit opens, what it lets through, and how it closes again; under a clock of the test.</summary>
public sealed class CircuitTests
{
    private const int Ramp = 1_000;

    private static readonly CircuitTerms Terms = new(Failures: 5, FailurePercent: 50, MinimumRequests: 20, WindowMs: 30_000, LatencyMs: 0, OpenMs: 60_000);

    private readonly Circuit circuit = new();
    private readonly Chance chance = new(20_261_129);
    private long now = 1_800_000_000_000;

    [Fact]
    public void FiveFailuresInARow_OpenIt_FourAndAnAnswerDoNot()
    {
        for (var i = 0; i < 4; i++) Assert.Null(Fail());
        circuit.Succeed(now, Terms, Ramp);
        for (var i = 0; i < 4; i++) Assert.Null(Fail());
        Assert.Null(Objection());

        var change = Fail();

        Assert.Equal((CircuitState.Open, now + 60_000), (change!.Value.State, change.Value.UntilMs));
        Assert.Contains("5 failures in a row", change.Value.Reason, StringComparison.Ordinal);
        Assert.Equal("circuit_open", Objection());
    }

    [Fact]
    public void HalfOfAWindow_OpensIt_OnceThereAreEnoughRequests()
    {
        CircuitChange? change = null;
        for (var i = 0; i < 19; i++)
        {
            now += 100;
            if (i % 2 == 0) circuit.Succeed(now, Terms, Ramp);
            else Assert.Null(change = Fail());
        }
        now += 100;
        change = Fail();

        Assert.Equal(CircuitState.Open, change!.Value.State);
        Assert.Contains("50 % of 20 requests", change.Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FailuresOfLongAgo_DoNotCount()
    {
        for (var i = 0; i < 40; i++)
        {
            if (i % 4 == 0) Fail();
            else circuit.Succeed(now, Terms, Ramp);
        }
        now += 60_000;
        for (var i = 0; i < 18; i++) circuit.Succeed(now, Terms, Ramp);
        Assert.Null(Fail());
        Assert.Null(Fail());
        Assert.Null(Objection());
    }

    [Fact]
    public void SlowAnswers_OpenIt_WhereABoundIsSet()
    {
        var bounded = Terms with { LatencyMs = 500 };
        CircuitChange? change = null;
        for (var i = 0; i < 24 && change is null; i++) change = circuit.Stand(now, i % 5 == 0 ? 900 : 100, stream: true, bounded);

        Assert.Equal(CircuitState.Open, change!.Value.State);
        Assert.Contains("p95 900 ms", change.Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TimeOver_OneRequestLooks_AndOnlyWithPermission()
    {
        Open();
        now += 60_000;
        Assert.Equal("circuit_open", Objection());
        Assert.True(circuit.WantsLook(now));
        circuit.Permit(now);
        Assert.False(circuit.WantsLook(now));

        Assert.Null(Objection());
        Assert.True(circuit.TryEnter(now));
        Assert.False(circuit.TryEnter(now));
        Assert.Equal("circuit_open", Objection());
    }

    [Fact]
    public async Task ManyAtOnce_OnlyOneLooks()
    {
        Open();
        now += 60_000;
        circuit.Permit(now);

        var entered = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => circuit.TryEnter(now))));

        Assert.Equal(1, entered.Count(e => e));
    }

    [Fact]
    public void LookFails_ItIsOpenForAsLongAgain()
    {
        Open();
        now += 60_000;
        circuit.Permit(now);
        Assert.True(circuit.TryEnter(now));

        var change = Fail();

        Assert.Equal((CircuitState.Open, now + 60_000), (change!.Value.State, change.Value.UntilMs));
        Assert.False(circuit.WantsLook(now + 59_999));
    }

    [Fact]
    public void LookIsAbandoned_AnotherOneMayLook()
    {
        Open();
        now += 60_000;
        circuit.Permit(now);
        Assert.True(circuit.TryEnter(now));
        circuit.Abandon();

        Assert.True(circuit.TryEnter(now));
    }

    [Theory]
    [InlineData(0, 0.10)]
    [InlineData(1_000, 0.25)]
    [InlineData(2_000, 0.50)]
    [InlineData(3_000, 1.00)]
    public void Recovering_GetsAGrowingShare(int afterMs, double share)
    {
        Recover();
        now += afterMs;
        const int Requests = 10_000;

        var through = Enumerable.Range(0, Requests).Count(_ => Objection() is null);

        // Five standard deviations.
        var spread = 5 * Math.Sqrt(Requests * share * (1 - share));
        Assert.InRange(through, Requests * share - spread, Requests * share + spread);
    }

    [Fact]
    public void Recovered_AfterTheLastShare_IsClosed()
    {
        Recover();
        now += 2_999;
        Assert.Null(circuit.Succeed(now, Terms, Ramp));
        now += 1;
        Assert.Equal(CircuitState.Closed, circuit.Succeed(now, Terms, Ramp)!.Value.State);
        Assert.Equal(CircuitState.Closed, circuit.StateAt(now));
    }

    [Fact]
    public void FailureWhileItRecovers_OpensIt_UnlessItBeganBefore()
    {
        Recover();
        Assert.Null(circuit.Fail(now + 10, now - 100, "timeout", Terms));
        Assert.Equal(CircuitState.Open, circuit.Fail(now + 10, now + 5, "timeout", Terms)!.Value.State);
    }

    [Fact]
    public void AnswerThatBeganBeforeItOpened_ProvesNothing()
    {
        Open();
        now += 200;
        Assert.Null(circuit.Stand(now, 5_000, stream: false, Terms));
        Assert.Equal(CircuitState.Open, circuit.StateAt(now));
    }

    [Fact]
    public void RateLimited_RestsUntilItsProviderSaid()
    {
        var change = circuit.Rest(now, TimeSpan.FromSeconds(7), "its provider limits the rate");

        Assert.Equal((CircuitState.Resting, now + 7_000), (change!.Value.State, change.Value.UntilMs));
        Assert.Null(circuit.Rest(now, TimeSpan.FromSeconds(7), "its provider limits the rate"));
        Assert.Equal("resting", Objection());
        now += 7_000;
        Assert.Null(Objection());
    }

    [Fact]
    public void ByHand_ItIsOutUntilItIsPutBack()
    {
        circuit.Order(heldOpen: true, closedMs: 0, now);
        Assert.Equal("circuit_open", Objection());
        Assert.False(circuit.TryEnter(now));
        Assert.False(circuit.WantsLook(now));

        circuit.Order(heldOpen: false, closedMs: now, now);
        Assert.Null(Objection());
    }

    [Fact]
    public void ClosedByHand_AfterItOpened_ForgetsWhy()
    {
        Open();
        circuit.Order(heldOpen: false, closedMs: now, now);
        Assert.Null(Objection());
        Assert.Null(Fail());
        // The same order is no news in the next snapshot.
        Open();
        circuit.Order(heldOpen: false, closedMs: now, now);
        Assert.Equal("circuit_open", Objection());
    }

    [Fact]
    public void WhatAnotherGatewaySaw_HoldsHere_UnlessItIsOver()
    {
        circuit.Adopt(new(CircuitState.Open, "", now - 1), now);
        Assert.Null(Objection());
        circuit.Adopt(new(CircuitState.Open, "", now + 5_000), now);
        Assert.Equal("circuit_open", Objection());
        circuit.Adopt(new(CircuitState.Recovering, "", 0), now);
        Assert.Equal(CircuitState.Recovering, circuit.StateAt(now));
        circuit.Adopt(new(CircuitState.Closed, "", 0), now);
        Assert.Equal(CircuitState.Closed, circuit.StateAt(now));
    }

    [Fact]
    public void Plan_PassesOverWhoIsOpen_UnlessNobodyIsLeft_AndNeverAsksWhoWasTakenOut()
    {
        Candidate[] candidates = [CandidateOf("a"), CandidateOf("b"), CandidateOf("c")];
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now);
        for (var i = 0; i < 5; i++) candidates[0].Deployment.Traffic.Circuit.Fail(now, now, "timeout", Terms);
        candidates[1].Deployment.Traffic.Circuit.Order(heldOpen: true, closedMs: 0, now);

        Assert.Equal("circuit_open circuit_open -", Filtered(candidates, at));

        candidates[2].Deployment.Traffic.Circuit.Rest(now, TimeSpan.FromSeconds(5), "its provider limits the rate");
        Assert.Equal("- circuit_open -", Filtered(candidates, at));
    }

    [Fact]
    public void Plan_PutsThoseLastWhoAreUsuallyTooSlow()
    {
        Candidate[] candidates = [CandidateOf("slow"), CandidateOf("unknown"), CandidateOf("slower"), CandidateOf("fast")];
        foreach (var (place, took) in new[] { (0, 800), (2, 900), (3, 100) })
            for (var i = 0; i < 16; i++) candidates[place].Deployment.Traffic.Circuit.Stand(now, took, stream: false, Terms);

        CircuitFilter.Apply(candidates, null, 500, DateTimeOffset.FromUnixTimeMilliseconds(now));

        Assert.Equal(["unknown", "fast", "slow", "slower"], candidates.Select(c => c.Deployment.Name));
    }

    [Fact]
    public void Healthy_CostsNoMemory()
    {
        Candidate[] candidates = [CandidateOf("a"), CandidateOf("b")];
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now);
        void Request()
        {
            CircuitFilter.Apply(candidates, null, 500, at);
            candidates[0].Deployment.Traffic.Circuit.TryEnter(now);
            candidates[0].Deployment.Traffic.Circuit.Stand(now, 100, stream: true, Terms);
            candidates[0].Deployment.Traffic.Circuit.Succeed(now, Terms, Ramp);
        }
        for (var i = 0; i < 100; i++) Request();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Request();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private CircuitChange? Fail() => circuit.Fail(now, now, "server_error", Terms);

    private string? Objection() => circuit.Objection(now, chance, Ramp);

    private void Open()
    {
        for (var i = 0; i < 5; i++) Fail();
        Assert.Equal(CircuitState.Open, circuit.StateAt(now));
    }

    private void Recover()
    {
        Open();
        now += 60_000;
        circuit.Permit(now);
        Assert.True(circuit.TryEnter(now));
        Assert.Equal(CircuitState.Recovering, circuit.Stand(now, 10, stream: false, Terms)!.Value.State);
    }

    private static string Filtered(Candidate[] candidates, DateTimeOffset at)
    {
        Candidate[] copy = [.. candidates];
        CircuitFilter.Apply(copy, null, null, at);
        CircuitFilter.RestoreUnlessServed(copy);
        return string.Join(' ', copy.Select(c => c.Dropped ?? "-"));
    }

    private static Candidate CandidateOf(string name) => new(
        new DeploymentSnapshot
        {
            Id = Guid.CreateVersion7(), Name = name, UpstreamModel = name, IsEnabled = true, Prices = [],
            Provider = new(Guid.CreateVersion7(), "sim", "openai", new Uri("http://localhost:1"), true, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        }, null, null);
}
