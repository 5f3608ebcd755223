using System.Buffers;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Tests.Routing;

/// <summary>Which deployment each strategy puts first, and how often.</summary>
public sealed class StrategyTests
{
    private static readonly ProviderSnapshot Provider = new(
        Guid.CreateVersion7(), "sim", "openai", new Uri("http://localhost:1"), true, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    [Fact]
    public void Priority_KeepsTheOrder()
    {
        var model = ModelOf(RoutingStrategies.Priority, Deployment("a"), Deployment("b"), Deployment("c"));

        for (var i = 0; i < 5; i++) Assert.Equal("abc", Plan(model));
    }

    [Fact]
    public void Weighted_TenThousandRequests_AreSplitByTheWeights()
    {
        var model = ModelOf(RoutingStrategies.Weighted, [5, 3, 2, 0], Deployment("a"), Deployment("b"), Deployment("c"), Deployment("d"));
        var strategy = new WeightedStrategy(new Chance(20_261_129));

        var plans = Enumerable.Range(0, 10_000).Select(_ => Plan(model, strategy)).ToList();

        // Five standard deviations of a binomial distribution: one run in two million is outside.
        foreach (var (name, share) in new[] { ('a', 0.5), ('b', 0.3), ('c', 0.2) })
            Assert.InRange(plans.Count(plan => plan[0] == name), 10_000 * share - 5 * Math.Sqrt(10_000 * share * (1 - share)), 10_000 * share + 5 * Math.Sqrt(10_000 * share * (1 - share)));
        // After a has failed, b and c share as 3 to 2.
        var afterA = plans.Where(plan => plan[0] == 'a').ToList();
        Assert.InRange(afterA.Count(plan => plan[1] == 'b') / (double)afterA.Count, 0.56, 0.64);
        // Weight 0 is the last resort.
        Assert.All(plans, plan => Assert.Equal('d', plan[3]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(200)]
    public void Sort_OfAnyNumber_KeepsTheOrderOfEquals(int count)
    {
        var chance = new Chance(7);
        Candidate[] candidates = [.. Enumerable.Range(0, count).Select(i => new Candidate(Deployment($"d{i}"), null, null))];
        double[] ranks = [.. candidates.Select(_ => Math.Floor(chance.Next() * 10))];
        var expected = candidates.Zip(ranks).OrderBy(pair => pair.Second).Select(pair => pair.First.Deployment.Name).ToList();

        Ranking.Sort(candidates, ranks);

        Assert.Equal(expected, candidates.Select(candidate => candidate.Deployment.Name));
        Assert.Equal(ranks.Order(), ranks);
    }

    [Fact]
    public void RoundRobin_GivesEachItsTurn_AndNoneToWhoCannotServe()
    {
        var model = ModelOf(RoutingStrategies.RoundRobin, Deployment("a"), Deployment("b", isEnabled: false), Deployment("c"), Deployment("d"));

        var first = Enumerable.Range(0, 300).Select(_ => Plan(model)[0]).ToList();

        Assert.All("acd", name => Assert.Equal(100, first.Count(f => f == name)));
        Assert.NotEqual(first[0], first[1]);
    }

    [Fact]
    public async Task RoundRobin_FromManyThreads_IsStillEven()
    {
        var model = ModelOf(RoutingStrategies.RoundRobin, Deployment("a"), Deployment("b"));

        var first = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 1_000).Count(_ => Plan(model)[0] == 'a'))));

        Assert.Equal(4_000, first.Sum());
    }

    [Fact]
    public void LeastBusy_GoesWhereTheFewestRun()
    {
        var (a, b, c) = (Deployment("a"), Deployment("b"), Deployment("c"));
        var model = ModelOf(RoutingStrategies.LeastBusy, a, b, c);
        for (var i = 0; i < 3; i++) a.Traffic.Begin();
        b.Traffic.Begin();

        Assert.Equal("cba", Plan(model));
        c.Traffic.Begin();
        c.Traffic.Begin();
        Assert.Equal("bca", Plan(model));
        a.Traffic.End();
        a.Traffic.End();
        b.Traffic.Begin();
        // One at a, two at b and c, which take turns.
        Assert.Equal(["abc", "acb"], Enumerable.Range(0, 30).Select(_ => Plan(model)).Distinct().Order());
    }

    [Fact]
    public void Cheapest_ComparesThePriceOfThisRequest()
    {
        // a is cheaper for long prompts, b for long answers; c has no price.
        var model = ModelOf(RoutingStrategies.Cheapest, Deployment("c"), Deployment("a", (100, 5_000)), Deployment("b", (1_000, 600)));

        using var asksMuch = Facts(new string('x', 40_000), maxTokens: 10);
        using var wantsMuch = Facts("short", maxTokens: 4_000);

        Assert.Equal("abc", Plan(model, facts: asksMuch));
        Assert.Equal("bac", Plan(model, facts: wantsMuch));
    }

    [Fact]
    public void Cheapest_PassesOverWhoCannotServe_UnlessNobodyCan()
    {
        var model = ModelOf(
            RoutingStrategies.Cheapest, Deployment("s", (1, 1), context: 1_000), Deployment("n", (2, 2), abilities: ModelAbilities.Vision),
            Deployment("t", (9, 9), abilities: ModelAbilities.Tools), Deployment("u", (10, 10)));
        using var plain = Facts("short");
        using var withTools = Facts("short", tools: 1);
        using var large = Facts(new string('x', 8_000), tools: 1);

        Assert.Equal("sntu", Plan(model, facts: plain));
        Assert.Equal(["s:", "n:no_tools", "t:", "u:"], Reasons(model, withTools));
        Assert.Equal(["s:context_length", "n:no_tools", "t:", "u:"], Reasons(model, large));
        // What nobody can do is left to the provider to say.
        Assert.Equal(["n:"], Reasons(ModelOf(RoutingStrategies.Cheapest, Deployment("n", (2, 2), abilities: ModelAbilities.Vision)), withTools));
    }

    [Fact]
    public void Fastest_MeasuresFirst_ThenGoesToWhoAnswersSoonest_AndLooksAtOthersNowAndThen()
    {
        var (slow, quick) = (Deployment("s"), Deployment("q"));
        var model = ModelOf(RoutingStrategies.Fastest, slow, quick);
        var strategy = new FastestStrategy(new Chance(7));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("sq", Plan(model, strategy));
            slow.Traffic.Note(400_000, 100 * 20_000, 100);
        }
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("qs", Plan(model, strategy));
            quick.Traffic.Note(200_000, 100 * 10_000, 100);
        }

        var first = Enumerable.Range(0, 10_000).Count(_ => Plan(model, strategy)[0] == 'q');

        // One in twenty explores.
        Assert.InRange(first, 9_350, 9_650);
        // It becomes slow, and is left within a few answers.
        for (var i = 0; i < 10; i++) quick.Traffic.Note(5_000_000, 100 * 50_000, 100);
        Assert.InRange(Enumerable.Range(0, 1_000).Count(_ => Plan(model, strategy)[0] == 's'), 900, 1_000);
    }

    [Fact]
    public void Fastest_WeighsTheStartAgainstTheLengthOfTheAnswer()
    {
        var (starts, runs) = (Deployment("s"), Deployment("r"));
        var model = ModelOf(RoutingStrategies.Fastest, starts, runs);
        for (var i = 0; i < 3; i++)
        {
            starts.Traffic.Note(50_000, 100 * 30_000, 100);
            runs.Traffic.Note(800_000, 100 * 5_000, 100);
        }
        var never = new FastestStrategy(new Chance(7), explore: 0);
        using var word = Facts("yes or no?", maxTokens: 5);
        using var essay = Facts("tell me all", maxTokens: 4_000);

        Assert.Equal("sr", Plan(model, never, word));
        Assert.Equal("rs", Plan(model, never, essay));
    }

    private static string Plan(ModelSnapshot model, IStrategy? strategy = null, RequestFacts? facts = null) =>
        string.Concat(Ordered(model, strategy, facts).Select(candidate => candidate.Deployment.Name));

    private static IEnumerable<string> Reasons(ModelSnapshot model, RequestFacts facts) =>
        Ordered(model, null, facts).Select(candidate => $"{candidate.Deployment.Name}:{candidate.Dropped}");

    private static Candidate[] Ordered(ModelSnapshot model, IStrategy? strategy, RequestFacts? facts)
    {
        var candidates = model.Deployments.Select(d => new Candidate(d, d.PriceAt(DateTimeOffset.UnixEpoch), d.IsEnabled ? null : "disabled")).ToArray();
        if (strategy is null) StrategyList.Order(model, facts, candidates);
        else strategy.Order(model, facts, candidates);
        return candidates;
    }

    private static ModelSnapshot ModelOf(string strategy, params DeploymentSnapshot[] deployments) => ModelOf(strategy, [], deployments);

    private static ModelSnapshot ModelOf(string strategy, int[] weights, params DeploymentSnapshot[] deployments) =>
        new() { Name = "m", CreatedAt = DateTimeOffset.UnixEpoch, Strategy = strategy, Deployments = deployments, Weights = weights };

    private static DeploymentSnapshot Deployment(string name, (long Input, long Output)? price = null, bool isEnabled = true, int? context = null, ModelAbilities? abilities = null) => new()
    {
        Id = Guid.CreateVersion7(), Name = name, Provider = Provider, UpstreamModel = name, IsEnabled = isEnabled, ContextTokens = context, Abilities = abilities,
        Prices = price is var (input, output)
            ? [new PriceSnapshot(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, new PriceComponents { Input = input * 1_000_000, Output = output * 1_000_000 })]
            : [],
    };

    private static RequestFacts Facts(string prompt, long? maxTokens = null, int tools = 0) =>
        new(ArrayPool<byte>.Shared.Rent(prompt.Length), prompt.Length) { MaxOutputTokens = maxTokens, Tools = tools };
}
