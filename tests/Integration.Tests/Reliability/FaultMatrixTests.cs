using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>
/// Every way in which a provider can fail, for whole answers and streams, for callers of both dialects: what the caller gets, how many attempts it took, what the
/// books say, and what the circuit made of it. The expectations stand in <c>fault-matrix.txt</c>; <c>UPDATE_GOLDEN=1</c> writes them anew.
/// </summary>
public sealed class FaultMatrixTests(StoresFixture stores)
{
    // One retry; two failures open the circuit. Waits are short where the test must sit them out, and long enough for a slow machine where it must not.
    private const string Settings = """{"retries":1,"first_token_timeout_ms":2500,"idle_timeout_ms":2000,"total_timeout_ms":8000}""";

    private static readonly Fault[] Faults =
    [
        new("refused", BaseUrl: "http://127.0.0.1:1/v1"),
        new("dns", BaseUrl: "http://no-such-host.invalid/v1"),
        new("tls", BaseUrl: "https"),
        new("401", "status=401"),
        new("408", "status=408"),
        new("429+retry-after", "status=429; retry-after=60"),
        new("500", "status=500"),
        new("503", "status=503"),
        new("529", "status=529"),
        new("hang-before-first", "stall-before-first"),
        new("stall-mid-stream", "stall-after=3"),
        new("cut-mid-stream", "cut-after=3"),
        new("malformed-chunk", "malformed-after=2"),
        new("wrong-content-type", "content-type=text/html"),
        new("slow-drip", "chunks=40; chunk-ms=500; first-token-ms=1"),
        new("truncated-json", "end-after=3"),
    ];

    [Fact]
    public async Task EveryFault_EveryForm_EveryDialect_IsAsTheTableSays()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var cells = Faults.SelectMany(fault => new[] { false, true }.SelectMany(stream => new[] { "openai", "anthropic" }.Select(caller => new Cell(fault, stream, caller)))).ToList();
        await AddModelsAsync(world, cells);
        await using var gateway = await world.StartGatewayAsync(
            "gateway", waitUntilReady: true, "Gateway__Reliability__FirstDelayMs=5", "Gateway__Reliability__LongestDelayMs=20", "Gateway__Reliability__FallbackAfterMs=60000");

        var lines = new string[cells.Count];
        await Parallel.ForAsync(0, cells.Count, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, _) => lines[i] = await PlayAsync(world, gateway, cells[i]));

        Check(string.Join('\n', lines) + "\n");
    }

    private static async Task<string> PlayAsync(GatewayWorld world, GatewayProcess gateway, Cell cell)
    {
        var id = "fm-" + Guid.NewGuid().ToString("N");
        var (seen, attempts) = await CallAsync(world, gateway, cell, id);
        var record = await world.RecordAsync(id);
        // One failure of two: the next request brings the second.
        if (attempts < 2 && await StateAsync(gateway, cell.Name) == 0) await CallAsync(world, gateway, cell, id + "-2");
        // The books are closed after the caller has its answer, and so is the circuit told of a stream.
        var expected = cell.Stream ? await world.RecordAsync(attempts < 2 && (await world.RecordsAsync()).Any(r => r.RequestId == id + "-2") ? id + "-2" : id) : record;
        Assert.NotNull(expected);
        var circuit = await StateAsync(gateway, cell.Name) switch { 0 => "closed", 1 => "rests", _ => "opens" };
        return $"{cell.Fault.Name,-18} {(cell.Stream ? "stream" : "plain"),-6} {cell.Caller,-9} | {seen,-42} | {attempts} attempts | {record.Status}, {record.StatusCode}, {record.Error ?? "no error"}, {(record.CostNanoUsd > 0 ? "charged" : "free")} | {circuit}";
    }

    private static async Task<(string Seen, int Attempts)> CallAsync(GatewayWorld world, GatewayProcess gateway, Cell cell, string id)
    {
        var body = $$"""{"model":"{{cell.Name}}","max_tokens":1000,"stream":{{(cell.Stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hello [[sim: {{cell.Fault.Directive}}]]"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, cell.Caller == "openai" ? "/v1/chat/completions" : "/v1/messages") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + world.Key);
        request.Headers.Add("x-request-id", id);
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var attempts = int.Parse(response.Headers.GetValues("x-gateway-attempts").Single(), System.Globalization.CultureInfo.InvariantCulture);
        var status = (int)response.StatusCode;
        var text = new MemoryStream();
        var isWhole = true;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.CopyToAsync(text);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            isWhole = false;
        }
        return ($"{status} {WordOf(Encoding.UTF8.GetString(text.ToArray()), status, cell)}{(isWhole ? "" : ", cut")}", attempts);
    }

    // The error's code; of a stream that of its last event, "answer" when it ended as it should.
    private static string WordOf(string text, int status, Cell cell)
    {
        if (status == 200 && !cell.Stream) return "answer";
        if (status != 200) return CodeIn(text);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split('\n').LastOrDefault(l => l.StartsWith("data:", StringComparison.Ordinal))?[5..].Trim()).Where(e => e is not null).ToList();
        var last = events[^1]!;
        return last == "[DONE]" || last.Contains("message_stop", StringComparison.Ordinal) ? "answer" : "then " + CodeIn(last);
    }

    private static string CodeIn(string json)
    {
        var error = JsonDocument.Parse(json).RootElement.GetProperty("error");
        return error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString()! : error.GetProperty("type").GetString()!;
    }

    private static async Task<int> StateAsync(GatewayProcess gateway, string deployment)
    {
        var line = (await gateway.Http.GetStringAsync("/metrics")).Split('\n').Single(l => l.StartsWith($"llm_circuit_state{{deployment=\"{deployment}\"}}", StringComparison.Ordinal));
        return line[^1] - '0';
    }

    private static async Task AddModelsAsync(GatewayWorld world, IReadOnlyList<Cell> cells)
    {
        var writer = world.Configuration;
        var ours = Assert.Single(await writer.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await writer.IdsAsync("select id from credentials where provider_id = $1", ours));
        var secure = "https://" + world.Simulator.BaseUrl.Authority + "/v1";
        foreach (var group in cells.GroupBy(c => c.Fault))
        {
            var provider = group.Key.BaseUrl is { } url ? await writer.AddProviderAsync(world.Organisation, "p-" + group.Key.Name, url == "https" ? secure : url) : ours;
            if (provider != ours)
                await writer.WriteAsync([new(ConfigurationKinds.Provider, provider, world.Organisation)], "update providers set is_private = true where id = $1", provider);
            foreach (var cell in group)
            {
                var deployment = await writer.AddDeploymentAsync(world.Organisation, cell.Name, provider, cell.Name, provider == ours ? credential : null);
                await writer.AddPriceAsync(world.Organisation, deployment, """{"input":150000000,"output":600000000}""", DateTimeOffset.UnixEpoch);
                await writer.ExecuteAsync("""update deployments set breaker = '{"failures":2}' where id = $1""", deployment);
                var model = await writer.AddModelAsync(world.Organisation, cell.Name, [deployment]);
                await writer.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], "update models set reliability = $2::jsonb where id = $1", model, Settings);
            }
        }
    }

    private static void Check(string actual, [CallerFilePath] string source = "")
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "fault-matrix.txt"), actual);
            return;
        }
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reliability", "fault-matrix.txt")), actual);
    }

    private sealed record Fault(string Name, string Directive = "lenient", string? BaseUrl = null);

    private sealed record Cell(Fault Fault, bool Stream, string Caller)
    {
        public string Name { get; } = $"{Fault.Name.Replace('+', '-')}-{(Stream ? "stream" : "plain")}-{Caller}";
    }
}
