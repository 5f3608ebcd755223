using System.Diagnostics;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>While one of two providers is down, however it is down, everybody is answered.</summary>
public sealed class OneOfTwoDownTests(StoresFixture stores, ITestOutputHelper output)
{
    // So many that those who met the one that is down before its circuit opened are less than one in a hundred.
    private const int Callers = 8, Each = 200, HealthyEach = 60, FirstTokenMs = 1_000;

    [Theory]
    [InlineData("http://127.0.0.1:1/v1", "lenient")]
    [InlineData(null, "status=500")]
    [InlineData(null, "stall-before-first")]
    public async Task EveryRequest_IsAnswered_AndFewWait(string? baseUrl, string directive)
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var provider = await world.Configuration.AddProviderAsync(world.Organisation, "down", baseUrl ?? new Uri(world.Simulator.BaseUrl, "v1").ToString());
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Provider, provider, world.Organisation)], "update providers set is_private = true, first_byte_timeout_ms = $2 where id = $1", provider, FirstTokenMs);
        var down = await world.Configuration.AddDeploymentAsync(world.Organisation, "down", provider, "sim-down", await OtherProvider.AddCredentialAsync(world, provider));
        var up = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-second'"));
        await world.Configuration.AddModelAsync(world.Organisation, "either", [down, up]);
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "Gateway__Reliability__OpenMs=600000");
        // As many as may reach it before its circuit opens, and then some for its looks.
        if (baseUrl is null) for (var i = 0; i < 200; i++) world.Simulator.ScriptFor("sim-down", directive);

        var healthy = P99((await RunAsync(gateway, world.Key, "small", HealthyEach)).Select(answer => answer.Ms));
        var answers = await RunAsync(gateway, world.Key, "either", Each);
        var attempts = answers.ConvertAll(answer => answer.Attempts);

        Assert.Equal(Callers * Each, attempts.Count);
        Assert.All(attempts, a => Assert.InRange(a, 1, 2));
        // Those that ran when the circuit opened, and nobody after them: all others never met the one that is down.
        Assert.InRange(attempts.Count(a => a == 2), 5, 5 + Callers);
        var p99 = P99(answers.Select(answer => answer.Ms));
        output.WriteLine($"{directive}: {answers.Count} of {Callers * Each} answered, p99 {p99:0} ms, longest {answers.Max(answer => answer.Ms):0} ms; healthy p99 {healthy:0} ms, first-token time-out {FirstTokenMs} ms");
        Assert.InRange(p99, 0, FirstTokenMs + healthy);
    }

    private static double P99(IEnumerable<double> times)
    {
        double[] sorted = [.. times.Order()];
        return sorted[(int)Math.Ceiling(sorted.Length * 0.99) - 1];
    }

    // Every answer's attempts and time to its end.
    private static async Task<List<(int Attempts, double Ms)>> RunAsync(GatewayProcess gateway, string key, string model, int each) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<(int, double)>();
            for (var i = 0; i < each; i++)
            {
                var began = Stopwatch.GetTimestamp();
                using var response = await gateway.ChatAsync(
                    key, $$"""{"model":"{{model}}","stream":{{(i % 2 == 0 ? "true" : "false")}},"messages":[{"role":"user","content":"Hello"}]}""");
                Assert.Equal(200, (int)response.StatusCode);
                Assert.EndsWith(i % 2 == 0 ? "[DONE]" : "}", (await response.Content.ReadAsStringAsync()).TrimEnd(), StringComparison.Ordinal);
                mine.Add((int.Parse(response.Headers.GetValues("x-gateway-attempts").Single(), System.Globalization.CultureInfo.InvariantCulture), Stopwatch.GetElapsedTime(began).TotalMilliseconds));
            }
            return mine;
        })))).SelectMany(mine => mine)];
}
