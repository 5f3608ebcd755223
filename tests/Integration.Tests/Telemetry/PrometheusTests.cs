using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Telemetry;

/// <summary>A real Prometheus scrapes a gateway, evaluates the rules that come with it, and answers the dashboard's questions.</summary>
public sealed class PrometheusTests(StoresFixture stores)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Of the portal, which is not scraped here.
    private static readonly string[] OfThePortal = ["llm_rollup_lag_seconds"];

    [Fact]
    public async Task Rules_AreEvaluated_AndEveryMetricThatTheyAndTheDashboardNameIsThere()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "prometheus"))), "Prometheus is not installed.");
        var operations = Path.Combine(Builds.Root, "docs", "operations");
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "Gateway__Reliability__Retries=0");
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.Key));
        Assert.Equal((502, "upstream_error"), await Ask.StatusAsync(gateway, world.Key, Ask.Body("Hello", "status=500")));
        Assert.Equal((404, "model_not_found"), await Ask.StatusAsync(gateway, world.Key, Ask.Body(model: "nothing")));

        var folder = ServerFolder.Create("prometheus");
        var port = FreePorts.Next();
        File.Copy(Path.Combine(operations, "prometheus", "rules.yml"), Path.Combine(folder, "rules.yml"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "prometheus.yml"),
            $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: gateway
                static_configs: [{targets: ["127.0.0.1:{{gateway.Address.Port}}"]}]
            """);
        await using var prometheus = await ChildProcess.StartAsync(
            ServerFolder.Find("prometheus"),
            [$"--config.file={Path.Combine(folder, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"]);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Eventually.HoldsAsync(
                async () => prometheus.IsRunning
                    ? (await QueryAsync(http, "up{job=\"gateway\"}")) is [{ } up] && up.GetProperty("value")[1].GetString() == "1"
                    : throw new InvalidOperationException("Prometheus ended: " + await prometheus.WrittenAsync()),
                TimeSpan.FromSeconds(60), "the gateway is scraped");
            // Each rule was evaluated and none failed, the recorded ones with it.
            await Eventually.HoldsAsync(
                async () => (await RulesAsync(http)) is var rules && rules.All(r => r.GetProperty("health").GetString() == "ok") && (await QueryAsync(http, "agw:requests:rate5m")).Count > 0,
                TimeSpan.FromSeconds(60), "the rules are evaluated");
            Assert.Contains(await RulesAsync(http), r => r.GetProperty("name").GetString() == "ProviderFailing");

            // A counter without a value yet has its head only; so what stands in /metrics counts.
            var exposed = Names(await gateway.Http.GetStringAsync("/metrics")).ToHashSet(StringComparer.Ordinal);
            var named = Names(await File.ReadAllTextAsync(Path.Combine(operations, "prometheus", "rules.yml"))).Concat(Names(await File.ReadAllTextAsync(Path.Combine(operations, "grafana", "gateway.json")))).Distinct().ToList();
            Assert.True(named.Count > 15);
            Assert.Empty(named.Except(exposed).Except(OfThePortal));

            // The dashboard's questions are understood, with its variables as Grafana sets them for "all".
            foreach (var expression in Expressions(await File.ReadAllTextAsync(Path.Combine(operations, "grafana", "gateway.json"))))
                await QueryAsync(http, Regex.Replace(expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal), @"\$\w+", ".*", RegexOptions.None, Patience));
            // A scrape that comes too late on a busy machine leaves a gap.
            await Eventually.HoldsAsync(async () => (await QueryAsync(http, "sum(llm_requests_total{status=\"failed\"}) == 1")).Count > 0, TimeSpan.FromSeconds(60), "the request that failed is counted");

            // Every alert that pages says what to do.
            var runbooks = await File.ReadAllTextAsync(Path.Combine(operations, "runbooks.md"));
            foreach (var alert in (await RulesAsync(http)).Where(r => r.GetProperty("type").GetString() == "alerting" && r.GetProperty("labels").GetProperty("severity").GetString() == "page"))
                Assert.Contains($"## {alert.GetProperty("name").GetString()}\n", runbooks, StringComparison.Ordinal);
        }
        finally
        {
            await prometheus.StopAsync();
            ServerFolder.Delete(folder);
        }
    }

    // A series of a histogram is named after it.
    private static IEnumerable<string> Names(string text) => Regex.Matches(text, @"\bllm_[a-z_]+", RegexOptions.None, Patience).Select(m => Regex.Replace(m.Value, "_(bucket|sum|count)$", "", RegexOptions.ExplicitCapture, Patience));

    private static IEnumerable<string> Expressions(string dashboard) => JsonDocument.Parse(dashboard).RootElement.GetProperty("panels").EnumerateArray()
        .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!);

    private static async Task<List<JsonElement>> RulesAsync(HttpClient http) =>
        [.. (await http.GetFromJsonAsync<JsonElement>("/api/v1/rules")).GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray())];

    private static async Task<List<JsonElement>> QueryAsync(HttpClient http, string query)
    {
        try
        {
            using var response = await http.GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(query));
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(answer.GetProperty("status").GetString() == "success", $"{query}: {answer.GetRawText()}");
            return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return [];
        }
    }
}
