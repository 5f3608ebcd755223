using System.Diagnostics;
using System.Text;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Rules;
using AspireGateway.Gateway.Routing.Tasks;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Tests.Routing.Rules;

/// <summary>
/// The figures of docs/performance.md on routing, printed: <c>dotnet build -c Release tests/Gateway.Tests</c>, then
/// <c>tests/Gateway.Tests/bin/Release/net10.0/Gateway.Tests -class "*RoutingFigures" -explicit only -showliveoutput</c>. Times of one thread; no test demands any.
/// </summary>
public sealed class RoutingFigures
{
    private const int Rounds = 15, Times = 2_000;

    [Fact(Explicit = true)]
    public void Print()
    {
        var long2K = Text("Please read the following report of our team in Lisbon and answer the question below it; the figures are from March, and some names were changed. ", 2048);
        var body = RuleWorld.Body(long2K);
        var short60 = RuleWorld.Body("What is the capital of Norway? Answer in one word, please.");
        var utf8 = Encoding.UTF8.GetBytes(long2K);
        var (plain, recording) = (World(recordTasks: false), World(recordTasks: true));

        Line("classify a text of 2 KB", () => TaskClassifier.Default.Classify(utf8, [], 1, out _));
        using (var facts = plain.Exchange(body).Request!) Line("read a prompt of 2 KB", () => PromptReader.Read(facts));
        foreach (var strategy in new[] { RoutingStrategies.Priority, RoutingStrategies.Cheapest, RoutingStrategies.Weighted })
            Plan($"plan, 200 deployments of one model ({strategy}), 50 rules that look at the caller", Big(strategy, i => new() { Features = [$"f{i}"], Tags = Tag }), short60);
        Plan("the same, by quality, half of them above the bar of the declared task", Measured(), short60, h => h["x-gateway-task"] = "coding");
        Plan("the same, by quality, the task told by the classifier, prompt of 2 KB", Measured(), body);
        Plan("plan, 200 models, 50 rules that look at the caller", Many(i => new() { Features = [$"f{i}"], Tags = Tag }), short60);
        Plan("the same, 50 rules that look at words of a short prompt", Many(i => new() { AnyWords = [$"word{i}", "other*", "third"] }), short60);
        Plan("the same, 50 rules that look at task and complexity of a short prompt", Many(i => new() { Tasks = ["coding"], Complexity = ["high"] }), short60);
        Plan("the same, of a prompt of 2 KB", Many(i => new() { Tasks = ["coding"], Complexity = ["high"] }), body);
        Plan("the same, 50 patterns on a prompt of 2 KB", Many(i => new() { Pattern = $@"\border\s+#?{i}\d+\b" }), body);
        var support = RuleWorld.Body(Text("My order of Friday has not come and the order of my neighbour has; please look where my order is and write to us, we ordered it in May. ", 2048));
        Plan("the same, where all of them begin with a word of the prompt", Many(i => new() { Pattern = $@"\border\s+#?{i}\d+\b" }), support);
        Plan("the same, where each expression has to run", Many(i => new() { Pattern = $@"\border\s+\w+{new string('x', i % 5 + 1)}?\d\b|order{i % 10}z{{{i / 10 + 2}}}" }), support);
        Plan("no rules, tasks not recorded, short prompt", plain, short60);
        Plan("no rules, tasks recorded, short prompt", recording, short60);
        Plan("no rules, tasks recorded, prompt of 2 KB", recording, body);
    }

    private static Dictionary<string, string> Tag => new() { ["env"] = "prod" };

    private static RuleWorld World(bool recordTasks) => new("m0") { DefaultModel = "m0", RecordTasks = recordTasks };

    private static RuleWorld Big(string strategy, Func<int, Shared.Domain.Routing.RuleConditions> when)
    {
        var world = new RuleWorld { DefaultModel = "big" };
        world.ModelBy(strategy, "big", [.. Enumerable.Range(0, 200).Select(i => $"d{i}")]);
        for (var i = 0; i < 50; i++) world.Rule($"r{i}", when(i), new() { Model = "big" });
        return world;
    }

    private static RuleWorld Measured()
    {
        var world = Big(RoutingStrategies.Quality, i => new() { Features = [$"f{i}"], Tags = Tag });
        world.Quality(new(0.8), [.. Enumerable.Range(0, 200).SelectMany(i => new[] { ("coding", $"d{i}", 0.6 + (i % 40) / 100.0), ("question_answering", $"d{i}", 0.99 - (i % 40) / 100.0) })]);
        return world;
    }

    private static RuleWorld Many(Func<int, Shared.Domain.Routing.RuleConditions> when)
    {
        var world = new RuleWorld([.. Enumerable.Range(0, 200).Select(i => $"m{i}")]) { DefaultModel = "m0" };
        for (var i = 0; i < 50; i++) world.Rule($"r{i}", when(i), new() { Model = $"m{i}" });
        return world;
    }

    private static void Plan(string what, RuleWorld world, string body, Action<Microsoft.AspNetCore.Http.IHeaderDictionary>? headers = null)
    {
        var exchange = world.Exchange(body, headers);
        var rules = world.Rules;
        Line(what, () => PlanRoute.Plan(exchange.Caller!, exchange.Request!.Model, exchange.Request, exchange.ArrivedAt, out _, rules.Apply(exchange)));
    }

    private static void Line(string what, Action action)
    {
        var best = double.MaxValue;
        long bytes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (allocated, begin) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var i = 0; i < Times; i++) action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalMicroseconds / Times);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Times;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {best:0.00} us, {bytes} B");
    }

    private static string Text(string sentence, int bytes) => string.Concat(Enumerable.Repeat(sentence, bytes / sentence.Length + 1))[..bytes];
}
