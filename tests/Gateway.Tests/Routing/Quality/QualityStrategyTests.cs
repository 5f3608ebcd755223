using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Quality;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Tests.Routing.Rules;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Gateway.Tests.Routing.Quality;

/// <summary>The cheapest that is good enough, and what happens where none is.</summary>
public sealed class QualityStrategyTests
{
    private const string Code = "Write a Python function that merges two sorted lists and returns the merged list.";

    [Fact]
    public void Plan_WhereSomeClearTheBar_TakesTheCheapestOfThem_ThenTheBestOfTheRest()
    {
        var order = Ordered(0.8, ("dear", 0.95, 9), ("cheap", 0.81, 2), ("cheaper", 0.79, 1), ("poor", 0.2, 1), ("unknown", null, 1), ("unpriced", 0.99, null));
        Assert.Equal(["cheap", "dear", "unpriced", "cheaper", "poor", "unknown"], order.Select(c => c.Deployment.Name));
        Assert.All(order, candidate => Assert.Null(candidate.Dropped));
    }

    [Fact]
    public void Plan_AtTheBarItself_Clears() => Assert.Equal("a", Ordered(0.8, ("b", 0.9, 2), ("a", 0.8, 1))[0].Deployment.Name);

    [Fact]
    public void Plan_WhereNoneClears_TakesTheBestKnown()
    {
        Assert.Equal(["best", "worse", "unknown"], Ordered(0.9, ("unknown", null, 1), ("worse", 0.5, 1), ("best", 0.89, 9)).Select(c => c.Deployment.Name));
        Assert.Equal(["one", "two"], Ordered(0.9, ("one", null, 9), ("two", null, 1)).Select(c => c.Deployment.Name));
    }

    [Fact]
    public void Plan_WhereTheProvenOneCannotServe_PassesItOver()
    {
        var model = Model(0.8, ("good", 0.9, 1), ("other", 0.5, 2));
        var small = new ModelSnapshot
        {
            Name = "m", CreatedAt = default, Strategy = RoutingStrategies.Quality, QualityBars = model.QualityBars,
            Deployments = [Deployment("good", 0.9, 1, context: 10), model.Deployments[1]],
        };
        using var facts = Facts(new string('x', 8_000));
        Candidate[] candidates = [.. small.Deployments.Select(d => new Candidate(d, d.PriceAt(DateTimeOffset.UnixEpoch), null))];
        new QualityStrategy().Order(small, facts, candidates);
        Assert.Equal(["good:context_length", "other:"], candidates.Select(c => $"{c.Deployment.Name}:{c.Dropped}"));
    }

    [Fact]
    public void Task_OfTheClassifierOrDeclared_ChoosesColumnAndBar_AlsoWhereTasksAreNotRecorded()
    {
        var world = new RuleWorld { DefaultModel = "m" };
        world.ModelBy(RoutingStrategies.Quality, "m", "d1", "d2");
        world.Quality(new(0.8, new Dictionary<string, double> { ["chat"] = 0.3 }), ("coding", "d2", 0.9), ("coding", "d1", 0.5), ("chat", "d1", 0.4), ("haiku", "d1", 0.7));

        Assert.Equal("d2 quality:proven", First(world, Code, null));
        Assert.Equal("d1 quality:proven", First(world, Code, "chat"));
        Assert.Equal("d1 quality:best_known", First(world, Code, "haiku"));
        Assert.Equal("d1 quality:unproven", First(world, Code, "tax_advice"));
    }

    [Fact]
    public void Rule_ThatAsksForTheStrategy_NeedsNoModelThatHasIt()
    {
        var world = new RuleWorld { DefaultModel = "m" };
        world.Model("m", "d1", "d2");
        world.Quality(QualityBars.Default, ("coding", "d2", 0.9));
        world.Rule("good", new(), new() { Strategy = RoutingStrategies.Quality });
        Assert.Equal("d2 rule:good", First(world, Code, null));
    }

    [Fact]
    public void Index_OfPublishedAndLearned_TakesThePublished()
    {
        var index = QualityIndex.Of(new(1, [Row("coding", 0.7, "import")], [Row("coding", 0.9, "feedback"), Row("chat", 0.6, "feedback")]));
        var served = index.Of("p", "m");
        Assert.Equal((0.7, "import", 0.6, "feedback"), (served["coding"].Lower, served["coding"].Source, served["chat"].Lower, served["chat"].Source));
        Assert.Empty(index.Of("p", "other"));
        Assert.Empty(QualityIndex.Of(null).Of("p", "m"));
    }

    [Fact]
    public void Version_OfAPin_HasNoFiguresOfAnother() => Assert.Empty(Deployment("d", 0.9, 1).WithVersion("other").Quality);

    [Fact]
    public void Order_Allocates_Nothing()
    {
        var model = Model(0.8, ("a", 0.9, 1), ("b", 0.5, 2), ("c", null, 2));
        using var facts = Facts("short");
        Candidate[] candidates = [.. model.Deployments.Select(d => new Candidate(d, d.PriceAt(DateTimeOffset.UnixEpoch), null))];
        var strategy = new QualityStrategy();
        strategy.Order(model, facts, candidates);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) strategy.Order(model, facts, candidates);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static QualityRow Row(string task, double lower, string source) => new(task, "p", "m", lower, lower, 1, 10, default, source);

    private static string First(RuleWorld world, string prompt, string? task)
    {
        var exchange = world.Exchange(RuleWorld.Body(prompt, ",\"model\":\"m\""), task is null ? null : headers => headers["x-gateway-task"] = task);
        var reason = world.Plan(exchange).Split(' ')[1];
        return $"{exchange.Plan!.First.Deployment.Name} {reason}";
    }

    private static Candidate[] Ordered(double bar, params (string Name, double? Lower, long? Price)[] deployments)
    {
        var model = Model(bar, deployments);
        using var facts = Facts("short");
        Candidate[] candidates = [.. model.Deployments.Select(d => new Candidate(d, d.PriceAt(DateTimeOffset.UnixEpoch), null))];
        StrategyList.Order(model, facts, candidates);
        return candidates;
    }

    private static ModelSnapshot Model(double bar, params (string Name, double? Lower, long? Price)[] deployments) => new()
    {
        Name = "m", CreatedAt = default, Strategy = RoutingStrategies.Quality, QualityBars = new(0.1, new Dictionary<string, double> { ["coding"] = bar }),
        Deployments = [.. deployments.Select(d => Deployment(d.Name, d.Lower, d.Price))],
    };

    private static DeploymentSnapshot Deployment(string name, double? lower, long? price, int? context = null) => new()
    {
        Id = Guid.CreateVersion7(), Name = name, UpstreamModel = name, IsEnabled = true, ContextTokens = context,
        Provider = new(Guid.CreateVersion7(), "p", "openai", new Uri("http://localhost:1"), true, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero),
        Prices = price is { } each ? [new(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, new PriceComponents { Input = each, Output = each })] : [],
        Quality = lower is { } bound
            ? System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary([Row("coding", bound, "import")], row => row.Task) : System.Collections.Frozen.FrozenDictionary<string, QualityRow>.Empty,
    };

    private static Gateway.Ingress.RequestFacts Facts(string prompt) =>
        new(System.Buffers.ArrayPool<byte>.Shared.Rent(prompt.Length), prompt.Length) { DeclaredTask = "coding" };
}
