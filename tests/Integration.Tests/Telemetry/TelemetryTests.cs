using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Telemetry;

/// <summary>What a gateway tells of a request to those who watch: spans and figures at a collector, a line in the log. And what it never tells.</summary>
public sealed class TelemetryTests(StoresFixture stores)
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736", Caller = "00f067aa0ba902b7";
    private const string Canary = "zebra-orchid-77";

    [Fact]
    public async Task Request_IsOneTrace_WithASpanForEachStepAndAttempt_UnderTheCallersOwn()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var log = Path.Combine(Path.GetTempPath(), $"requests-{Guid.NewGuid():N}.log");
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, [.. collector.Settings, "Gateway__Reliability__Retries=0", $"Gateway__RequestLog__Path={log}"]);
        world.Simulator.ScriptFor("sim-large", "status=500");
        var before = world.Simulator.Requests.Count;

        using (var response = await gateway.ChatAsync(
            world.Key, Ask.Body($"Tell me of {Canary}", $"text={Canary}-reply", model: "chain"), headers: [("traceparent", $"00-{Trace}-{Caller}-01"), ("x-gateway-feature", "ghp_16C7e42F292c6912E7710c838347Ae178B4a")]))
            Assert.Equal((200, "2"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-attempts")));
        Assert.Equal((404, "model_not_found"), await Ask.StatusAsync(gateway, world.Key, Ask.Body(model: "nothing"), ("traceparent", $"00-{Trace[..31]}7-{Caller}-01")));

        await Eventually.HoldsAsync(() => Task.FromResult(Gateways(collector, Trace).Any(s => s.Name == "chat chain") && Gateways(collector, Trace[..31] + "7").Any(s => s.Name == "chat")
            // The server's span ends last and may come in a batch of its own.
            && collector.Spans.Any(s => s.TraceId == Trace && s.Parent == Caller)), TimeSpan.FromSeconds(20), "the spans came");
        await Eventually.HoldsAsync(() => Task.FromResult(collector.Everything.Contains("gen_ai.client.token.usage", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), "the figures came");
        // The server's span goes below the caller's, the request's below that, steps below it, attempts below the step that made them.
        var spans = collector.Spans.Where(s => s.TraceId == Trace).ToList();
        var server = Assert.Single(spans, s => s.Parent == Caller);
        var request = Assert.Single(spans, s => s.Name == "chat chain");
        Assert.Equal(server.Id, request.Parent);
        var steps = spans.Where(s => s.Parent == request.Id).ToList();
        Assert.Equal("identify_caller", steps[0].Name);
        Assert.Contains("screen_prompt", steps.Select(s => s.Name));
        Assert.Equal("send_reply", steps[^1].Name);
        var attempts = spans.Where(s => s.Parent == steps.Single(step => step.Name == "call_provider").Id).ToList();
        Assert.Equal(["attempt sim-first", "attempt sim-second"], attempts.Select(a => a.Name));
        Assert.Equal([true, false], attempts.Select(a => a.IsError));
        Assert.All(spans, s => Assert.True(s.Start <= s.End));
        Assert.All(steps, s => Assert.True(s.Start >= request.Start && s.End <= request.End));
        Assert.Equal(
            ("chat", "chain", "sim", "sim-second", "200"),
            (request.Tags["gen_ai.operation.name"], request.Tags["gen_ai.request.model"], request.Tags["gen_ai.provider.name"], request.Tags["aspire_gateway.deployment"], request.Tags["http.response.status_code"]));
        Assert.True(long.Parse(request.Tags["gen_ai.usage.input_tokens"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.False(request.IsError);
        var refused = Assert.Single(collector.Spans, s => s.TraceId == Trace[..31] + "7" && s.Name == "chat");
        Assert.Equal((true, "model_not_found"), (refused.IsError, refused.Tags["error.type"]));

        // The model stands on a private network: it gets the context, below the server's span.
        var sent = world.Simulator.Requests.Skip(before).ToList();
        Assert.Equal(2, sent.Count);
        Assert.All(sent, s => Assert.StartsWith($"00-{Trace}-", s.Headers["traceparent"].ToString(), StringComparison.Ordinal));

        var written = await gateway.StopAsync();
        var lines = (await File.ReadAllLinesAsync(log)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        File.Delete(log);
        Assert.Equal(["chain", null], lines.Select(l => l.GetProperty("model").GetString()));
        Assert.Equal(("ok", "refused", "<GITHUB_TOKEN>"), (lines[0].GetProperty("status").GetString(), lines[1].GetProperty("status").GetString(), lines[0].GetProperty("feature").GetString()));

        // Neither what was asked nor what was answered, no secret of a header, no key: in no sink.
        foreach (var sink in (string[])[collector.Everything, written, string.Concat(lines.Select(l => l.GetRawText()))])
            foreach (var canary in (string[])[Canary, GatewayWorld.ProviderSecret, world.Key, "16C7e42F292c"])
                Assert.DoesNotContain(canary, sink, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestThatIsNotChosen_IsToldOnlyIfItFailed()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, collector.Settings);

        // The caller chose not to trace either of them.
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.Key, Ask.Body(), ("traceparent", $"00-{Trace}-{Caller}-00")));
        Assert.Equal((404, "model_not_found"), await Ask.StatusAsync(gateway, world.Key, Ask.Body(model: "nothing"), ("traceparent", $"00-{Trace[..31]}7-{Caller}-00")));
        Assert.Equal((200, null), await Ask.StatusAsync(gateway, world.Key, Ask.Body(), ("traceparent", $"00-{Trace[..31]}8-{Caller}-01")));

        await Eventually.HoldsAsync(() => Task.FromResult(Gateways(collector, Trace[..31] + "8").Any(s => s.Name == "chat small")), TimeSpan.FromSeconds(20), "the chosen one came");
        var failed = Gateways(collector, Trace[..31] + "7").ToList();
        var request = Assert.Single(failed, s => s.Name == "chat");
        Assert.Equal((true, "model_not_found"), (request.IsError, request.Tags["error.type"]));
        Assert.Contains(failed, s => s.Parent == request.Id && s.Name == "identify_caller");
        Assert.DoesNotContain(collector.Spans, s => s.TraceId == Trace);
        Assert.DoesNotContain(collector.Spans, s => s.TraceId == Trace[..31] + "7" && s.Scope == "Microsoft.AspNetCore");
    }

    [Fact]
    public async Task Collector_ThatIsDead_HoldsNobodyUp()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "OTEL_BSP_SCHEDULE_DELAY=50", "OTEL_METRIC_EXPORT_INTERVAL=100");
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Ask.StatusAsync(gateway, world.Key)));
        Assert.All(answers, a => Assert.Equal((200, null), a));
        // Nor is the end of the process: a second for each signal that is given up, no more.
        await gateway.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static IEnumerable<OtlpReceiver.Span> Gateways(OtlpReceiver collector, string trace) => collector.Spans.Where(s => s.TraceId == trace && s.Scope == "AspireGateway");
}
