using System.Text.Json;
using AspireGateway.Gateway.Tests.Golden;

namespace AspireGateway.Gateway.Tests.Routing.Rules;

/// <summary>
/// Routing tables as people write them, as rules, and where a set of requests goes by each: <c>Golden/Routes/*.json</c> hold models, rules and requests, the file of the
/// same name with <c>.routes.txt</c> what is expected.
/// </summary>
public sealed class GoldenRoutesTests
{
    [Theory]
    [InlineData("by-intent-and-size")]
    [InlineData("by-code-context-and-cost")]
    [InlineData("by-task-table")]
    public void Requests_GoWhereTheTableSays(string name)
    {
        using var table = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Routes", name + ".json")));
        var world = new RuleWorld([.. table.RootElement.GetProperty("models").EnumerateArray().Select(model => model.GetString()!)]);
        if (table.RootElement.TryGetProperty("default_model", out var otherwise)) world.DefaultModel = otherwise.GetString();
        foreach (var rule in table.RootElement.GetProperty("rules").EnumerateArray())
            world.RawRule(rule.GetProperty("name").GetString()!, rule.GetProperty("when").GetRawText(), rule.GetProperty("then").GetRawText());

        var routes = table.RootElement.GetProperty("requests").EnumerateArray()
            .Select(request => $"{request.GetProperty("title").GetString()}: {world.Plan(request.GetProperty("body").GetRawText().Replace("{{401,000 bytes}}", new string('x', 401_000), StringComparison.Ordinal))}").ToList();

        Assert.Empty(world.Faults);
        GoldenFile.Check("Routes", name + ".routes.txt", string.Join('\n', routes) + "\n");
    }
}
