using System.Buffers;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Telemetry.RequestLog;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Log = AspireGateway.Gateway.Telemetry.RequestLog.RequestLog;

namespace AspireGateway.Gateway.Tests.Telemetry.RequestLog;

/// <summary>One line for each request: the fields of the contracts, no secret, and nobody who waits for a disk.</summary>
public sealed class RequestLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("request-log-").FullName;

    private string Path => System.IO.Path.Combine(folder, "logs", "requests.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Line_HasTheFieldsOfTheContracts_InTheirOrder()
    {
        var line = LineOf(Record("ok") with { TtftUs = null });
        Assert.Equal(
            ["timestamp", "request_id", "organisation_id", "team_id", "user_id", "key_id", "feature", "agent", "route", "task", "model", "provider", "deployment", "served_model", "fallback_chain", "input_tokens",
                "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens", "latency_ms", "ttft_ms", "overhead_ms", "status", "status_code", "error", "cost_usd", "estimated", "cache_hit",
                "guardrails_triggered", "feedback"],
            line.EnumerateObject().Select(p => p.Name));
        Assert.Equal("2026-11-30T12:00:00.123Z", line.GetProperty("timestamp").GetString());
        Assert.Equal((1.5, "0.0000792", JsonValueKind.Null), (line.GetProperty("latency_ms").GetDouble(), line.GetProperty("cost_usd").GetRawText(), line.GetProperty("ttft_ms").ValueKind));
        Assert.Equal(["a", "b"], line.GetProperty("fallback_chain").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal("zoë <&> \"q\"\n", line.GetProperty("user_id").GetString());
    }

    [Theory]
    [InlineData("key ghp_16C7e42F292c6912E7710c838347Ae178B4a here", "key <GITHUB_TOKEN> here")]
    [InlineData("https://ada:s3cr3tPassw0rd@db.example.org/x", "s3cr3tPassw0rd")]
    [InlineData("checkout-assistant", null)]
    [InlineData("customer-4711", null)]
    public void Names_OfCallers_LoseTheirSecrets(string name, string? lost)
    {
        foreach (var record in (UsageRecordCopy[])[Record("ok") with { UserId = name }, Record("ok") with { Feature = name }, Record("ok") with { Agent = name }, Record("ok") with { RequestId = name }, Record("ok") with { Task = name }])
        {
            var text = LineOf(record).GetRawText();
            if (lost is null) Assert.Contains(name, text, StringComparison.Ordinal);
            else if (lost.Contains('<', StringComparison.Ordinal)) Assert.Contains(lost, text, StringComparison.Ordinal);
            else Assert.DoesNotContain(lost, text, StringComparison.Ordinal);
            if (lost is not null) Assert.DoesNotContain("16C7e42F", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Log_IsWrittenToItsEnd_BeforeTheProcessStops()
    {
        var lines = await RunAsync(new() { Path = Path }, Enumerable.Range(0, 5_000).Select(i => Record("ok") with { RequestId = $"r-{i}" }));
        Assert.Equal(5_000, lines.Count);
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"r-{i}"), lines.Select(l => l.GetProperty("request_id").GetString()));
    }

    [Fact]
    public async Task Successes_AreSampled_AndEverythingElseIsWritten()
    {
        var records = Enumerable.Range(0, 8_000).Select(i => Record(i % 4 == 0 ? "failed" : "ok") with { Id = Guid.CreateVersion7() }).ToList();
        var lines = await RunAsync(new() { Path = Path, SuccessShare = 0.1 }, records);
        Assert.Equal(2_000, lines.Count(l => l.GetProperty("status").GetString() == "failed"));
        // 6,000 of a tenth: 600, within six standard deviations.
        Assert.InRange(lines.Count(l => l.GetProperty("status").GetString() == "ok"), 460, 740);
        Assert.Equal(2_000, (await RunAsync(new() { Path = Path + "0", SuccessShare = 0 }, records)).Count);
    }

    [Fact]
    public async Task File_ThatIsTooLarge_IsPutAside_AndTheOldestGoes()
    {
        var padding = new string('p', 6_000);
        var lines = await RunAsync(new() { Path = Path, MaxMegabytes = 1, KeepFiles = 2 }, Enumerable.Range(0, 900).Select(i => Record("ok") with { RequestId = $"r-{i}", Agent = padding }));
        Assert.Equal(["requests.log", "requests.log.1", "requests.log.2"], Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Select(System.IO.Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!), file => Assert.InRange(new FileInfo(file).Length, 1, 1024 * 1024));
        Assert.Equal("r-899", lines[^1].GetProperty("request_id").GetString());
        // No line is cut, and they go on from file to file.
        var all = File.ReadLines(Path + ".2").Concat(File.ReadLines(Path + ".1")).Concat(File.ReadLines(Path)).Select(l => int.Parse(JsonDocument.Parse(l).RootElement.GetProperty("request_id").GetString()![2..], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(all[0], all.Count), all);
    }

    [Fact]
    public async Task Disk_ThatRefuses_LosesLinesAndNothingElse_AndIsWrittenAgainWhenItTakesThem()
    {
        // A folder stands where the file should be.
        Directory.CreateDirectory(Path);
        var metrics = new GatewayMetrics();
        var options = Options.Create(new RequestLogOptions { Path = Path });
        var log = new Log(options, metrics);
        var writer = new RequestLogWriter(log, metrics, options, TimeProvider.System, NullLogger<RequestLogWriter>.Instance);
        await writer.StartAsync(default);
        log.Note(Record("ok").Make());
        while (metrics.LogLinesFailed.Value == 0) await Task.Yield();
        Directory.Delete(Path);
        log.Note((Record("ok") with { RequestId = "later" }).Make());
        await writer.StopAsync(default);
        Assert.Equal("later", JsonDocument.Parse(Assert.Single(File.ReadAllLines(Path))).RootElement.GetProperty("request_id").GetString());
        Assert.Equal((1, 0), (metrics.LogLinesFailed.Value, metrics.LogLinesDropped.Value));
    }

    [Fact]
    public void Queue_ThatIsFull_DropsAndCounts()
    {
        var metrics = new GatewayMetrics();
        var log = new Log(Options.Create(new RequestLogOptions { Path = Path }), metrics);
        for (var i = 0; i < Log.Capacity + 7; i++) log.Note(Record("ok").Make());
        Assert.Equal(7, metrics.LogLinesDropped.Value);
    }

    [Fact]
    public void Log_ThatNobodyAskedFor_TakesNothing()
    {
        var log = new Log(Options.Create(new RequestLogOptions()), new GatewayMetrics());
        log.Note(Record("ok").Make());
        Assert.Null(log.Records);
    }

    [Theory]
    [InlineData(-0.1, 100, 5)]
    [InlineData(1.1, 100, 5)]
    [InlineData(double.NaN, 100, 5)]
    [InlineData(1, 0, 5)]
    [InlineData(1, 100, -1)]
    public void Options_OutOfRange_AreRefused(double share, int megabytes, int files) =>
        Assert.NotNull(new RequestLogOptions { SuccessShare = share, MaxMegabytes = megabytes, KeepFiles = files }.Fault());

    private static async Task<List<JsonElement>> RunAsync(RequestLogOptions settings, IEnumerable<UsageRecordCopy> records)
    {
        var (options, metrics) = (Options.Create(settings), new GatewayMetrics());
        var log = new Log(options, metrics);
        var writer = new RequestLogWriter(log, metrics, options, TimeProvider.System, NullLogger<RequestLogWriter>.Instance);
        await writer.StartAsync(default);
        foreach (var record in records) log.Note(record.Make());
        await writer.StopAsync(default);
        Assert.Equal((0, 0), (metrics.LogLinesDropped.Value, metrics.LogLinesFailed.Value));
        return [.. File.ReadLines(settings.Path!).Select(line => JsonDocument.Parse(line).RootElement.Clone())];
    }

    private static JsonElement LineOf(UsageRecordCopy record)
    {
        using var line = new RequestLogLine();
        var written = new ArrayBufferWriter<byte>();
        line.Write(record.Make(), written);
        var text = Encoding.UTF8.GetString(written.WrittenSpan);
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private static UsageRecordCopy Record(string status) => new() { Status = status };

    // What tests change of a record.
    private sealed record UsageRecordCopy
    {
        public Guid Id { get; init; } = Guid.CreateVersion7();

        public string RequestId { get; init; } = "req-1";

        public string? UserId { get; init; } = "zoë <&> \"q\"\n";

        public string? Feature { get; init; } = "search";

        public string? Agent { get; init; }

        public string? Task { get; init; } = "coding";

        public long? TtftUs { get; init; } = 900;

        public string Status { get; init; } = "ok";

        public UsageRecord Make() => new()
        {
            Id = Id, At = new DateTimeOffset(2026, 11, 30, 12, 0, 0, 123, TimeSpan.Zero), RequestId = RequestId, UserId = UserId, Feature = Feature, Agent = Agent, Task = Task, Route = "chat_completions",
            Model = "small", Provider = "sim", Deployment = "sim-small", ServedModel = "v1", FallbackChain = ["a", "b"], LatencyUs = 1_500, TtftUs = TtftUs, Status = Status, StatusCode = 200, CostNanoUsd = 79_200,
            GuardrailsTriggered = ["secrets"],
        };
    }
}
