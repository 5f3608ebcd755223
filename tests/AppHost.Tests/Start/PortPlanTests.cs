using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Tests.Start;

public sealed class PortPlanTests
{
    private static int NoneFree() => throw new InvalidOperationException("all ports were said to be free");

    private static PortPlan Plan(int portBase, int replicas = 1) => PortPlan.Create(portBase, replicas, _ => true, NoneFree);

    private static int[] All(PortPlan plan) =>
        [.. new[] { plan.Gateway, plan.Portal, plan.Simulator, plan.Postgres, plan.Redis }.Concat(plan.GatewayReplicas).Distinct().Order()];

    [Fact]
    public void Create_Default_KeepsTheDocumentedPorts()
    {
        var plan = Plan(8080);

        Assert.Equal((8080, 8081, 8089), (plan.Gateway, plan.Portal, plan.Simulator));
        Assert.Equal([8080], plan.GatewayReplicas);
    }

    [Fact]
    public void Create_SeveralReplicas_LeavesThePublicPortToTheFront()
    {
        var plan = Plan(8080, PortPlan.MaxReplicas);

        Assert.Equal(PortPlan.MaxReplicas, plan.GatewayReplicas.Distinct().Count());
        Assert.DoesNotContain(8080, plan.GatewayReplicas);
        Assert.Equal(5 + PortPlan.MaxReplicas, All(plan).Length);
    }

    [Fact]
    public void Create_BasesTenApart_NeverMeet()
    {
        for (var portBase = 1024; portBase <= 65_490; portBase++)
        {
            var shared = All(Plan(portBase, PortPlan.MaxReplicas)).Intersect(All(Plan(portBase + 10, PortPlan.MaxReplicas)));
            Assert.True(!shared.Any(), $"bases {portBase} and {portBase + 10} share {string.Join(", ", shared)}");
        }
    }

    [Fact]
    public void Create_AnyBase_StaysWithinThePortRange()
    {
        for (var portBase = 1024; portBase <= 65_500; portBase++)
            Assert.All(All(Plan(portBase, PortPlan.MaxReplicas)), port => Assert.InRange(port, 1024, 65_535));
    }

    [Fact]
    public void Create_InnerPortTaken_UsesAnotherOnce()
    {
        var taken = Plan(8080).Postgres;
        var offers = new Queue<int>([8081, 40_000]);

        var plan = PortPlan.Create(8080, 1, port => port != taken, offers.Dequeue);

        Assert.Equal(40_000, plan.Postgres);
        Assert.Equal(Plan(8080).Redis, plan.Redis);
    }
}
