using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Tests.OpenAi;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Tests.Routing.Strategies;

/// <summary>Who holds a beginning goes first only where the strategy does not care.</summary>
public sealed class WarmOrderTests
{
    private readonly DeploymentSnapshot a = Of("a", 1), b = Of("b", 1), c = Of("c", 2);

    [Theory]
    [InlineData(RoutingStrategies.RoundRobin, true)]
    [InlineData(RoutingStrategies.LeastBusy, true)]
    [InlineData(RoutingStrategies.Weighted, true)]
    [InlineData(RoutingStrategies.Cheapest, true)]
    [InlineData(RoutingStrategies.Priority, false)]
    [InlineData(RoutingStrategies.Fastest, false)]
    [InlineData(RoutingStrategies.Ab, false)]
    [InlineData(RoutingStrategies.Quality, false)]
    [InlineData(RoutingStrategies.Cascade, false)]
    [InlineData("of a newer portal", false)]
    public void Prefer_AmongEquals_DependsOnTheStrategy(string strategy, bool moves)
    {
        var plan = Plan(strategy, [1, 1, 1], a, c, b);

        Assert.Equal(moves, Prefer(plan, b));
        Assert.Equal(moves ? "bac" : "acb", Names(plan));
        Assert.True(Prefer(plan, plan.Candidates[0].Deployment));
    }

    [Fact]
    public void Prefer_OfUnequalOnes_LeavesTheOrder()
    {
        var weighted = Plan(RoutingStrategies.Weighted, [2, 1, 0], a, b, c);
        Assert.False(Prefer(weighted, b));
        Assert.False(Prefer(weighted, c));
        Assert.False(Prefer(Plan(RoutingStrategies.Cheapest, [], a, b, c), c));
        var busy = Plan(RoutingStrategies.LeastBusy, [], a, b, c);
        b.Traffic.Begin();
        Assert.False(Prefer(busy, b));
        Assert.Equal("abc", Names(busy));
    }

    [Fact]
    public void Prefer_OfWhoIsKeptOut_LeavesTheOrder()
    {
        var plan = Plan(RoutingStrategies.RoundRobin, [], a, b, c);
        foreach (var dropped in (string[])["circuit_open", "region", "disabled"])
        {
            plan.Candidates[1] = new(b, null, dropped);
            Assert.False(Prefer(plan, b));
        }
        plan.Candidates[1] = new(b, null, null) { Leg = new FallbackLeg { To = "other" } };
        Assert.False(Prefer(plan, b));
        Assert.False(Prefer(plan, Of("stranger", 1)));
        Assert.Equal("abc", Names(plan));
        // Who is dropped himself is nobody's equal: the first that may serve is.
        plan.Candidates[0] = new(a, null, "circuit_open");
        plan.Candidates[1] = new(b, null, null);
        Assert.True(Prefer(plan, c));
        Assert.Equal("acb", Names(plan));
    }

    [Fact]
    public void Prefer_UnderAPinAnArmOrARamp_LeavesTheOrder()
    {
        var plan = Plan(RoutingStrategies.RoundRobin, [], a, b, c);
        var pin = new PinSnapshot { Id = Guid.NewGuid(), ScopeKind = "model", Model = "m", Version = "v", ServedAs = "s", MayLeave = true, Deployments = [a, b, c] };
        var canary = new CanarySnapshot
        {
            Id = Guid.NewGuid(), Model = "m", Deployment = b, Deployments = [a, b, c], IsMember = true, Sticky = "request", Shares = [1], DwellSeconds = [1], MinRequests = 1, Guards = default!, State = default!,
        };
        foreach (var held in (RoutePlan[])[plan with { Pin = pin }, plan with { Arm = new(canary, IsCanary: false, null) }, plan with { Ramp = new(a, b, 0.5, IsElsewhere: true, 0) }])
            Assert.False(Prefer(held, b));
        Assert.Equal("abc", Names(plan));
    }

    private static bool Prefer(RoutePlan plan, DeploymentSnapshot deployment)
    {
        using var facts = OpenAiCase.Facts("""{"messages":[{"role":"user","content":"Hi"}]}"""u8.ToArray(), Gateway.Ingress.Operation.ChatCompletions);
        return WarmOrder.Prefer(plan, facts, deployment.Id);
    }

    private static string Names(RoutePlan plan) => string.Concat(plan.Candidates.Select(candidate => candidate.Deployment.Name));

    private static RoutePlan Plan(string strategy, int[] weights, params DeploymentSnapshot[] deployments) => new(
        "m", new() { Name = "m", CreatedAt = DateTimeOffset.UnixEpoch, Strategy = strategy, Deployments = deployments, Weights = weights }, strategy, [.. deployments.Select(d => new Candidate(d, d.Prices[0], null))]);

    private static DeploymentSnapshot Of(string name, long price) => new()
    {
        Id = Guid.NewGuid(), Name = name, Provider = Matrix.Protocols.Deployment("openai").Provider, UpstreamModel = name, IsEnabled = true,
        Prices = [new(Guid.NewGuid(), DateTimeOffset.UnixEpoch, new PriceComponents { Input = price, Output = price })],
    };
}
