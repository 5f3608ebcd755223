using System.Text;
using System.Text.RegularExpressions;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Shared.Domain;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Gateway.Tests.Egress;

/// <summary>What a caller sees of a provider's stream, however the network cut it into pieces.</summary>
public sealed partial class StreamPumpGoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCases.In("OpenAiStreams", "sse")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Stream_SplitAtEveryByte_EqualsGolden(string name)
    {
        var input = GoldenCases.Read("OpenAiStreams", name, "in", "sse");
        var expected = Encoding.UTF8.GetString(GoldenCases.Read("OpenAiStreams", name, "out", "sse"));
        for (var split = 0; split <= input.Length; split++)
            Assert.Equal(expected, (await PumpAsync(name, [input[..split], input[split..]])).Text);
        Assert.Equal(expected, (await PumpAsync(name, input.Select(b => new[] { b }))).Text);
    }

    [Fact]
    public async Task Stream_WithUsage_IsPricedByIt()
    {
        const string Name = "hides-the-usage-that-the-gateway-asked-for";
        var (_, exchange) = await PumpAsync(Name, [GoldenCases.Read("OpenAiStreams", Name, "in", "sse")]);

        Assert.Equal(new TokenUsage(Input: 6, CacheRead: 4, CacheWrite: 0, Output: 3, Reasoning: 1), exchange.Spend!.Usage);
        Assert.False(exchange.Spend.IsEstimated);
        // 6 x $1 + 4 x $0.5 + 3 x $2 per million tokens.
        Assert.Equal(14_000, exchange.Spend.CostNanoUsd);
        Assert.Equal("gpt-4o-2024-08-06", exchange.Call.Standing!.Facts.ServedModel);
    }

    [Fact]
    public async Task Stream_Broken_IsPricedByWhatWentOut()
    {
        const string Name = "cut-off-stream-ends-with-an-error";
        var (_, exchange) = await PumpAsync(Name, [GoldenCases.Read("OpenAiStreams", Name, "in", "sse")]);

        Assert.Equal("broken", exchange.Reply.BrokenBecause);
        Assert.Null(exchange.Spend);
        var spend = Gateway.Accounting.PriceUsage.Of(exchange);
        Assert.True(spend.IsEstimated);
        Assert.Equal(1, spend.Usage.Output);
        Assert.True(spend.Usage.Input > 0);
    }

    private static async Task<(string Text, Exchange Exchange)> PumpAsync(string name, IEnumerable<byte[]> pieces)
    {
        var request = Encoding.UTF8.GetBytes(
            name.EndsWith(".wants-usage", StringComparison.Ordinal)
                ? """{"messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}"""
                : """{"messages":[{"role":"user","content":"Hi"}],"stream":true}""");
        var http = new DefaultHttpContext();
        var sent = new MemoryStream();
        http.Response.Body = sent;
        var exchange = new Exchange(http, Operation.ChatCompletions, null, TimeProvider.System) { Request = new RequestFacts(request, request.Length) };
        Assert.Null(RequestFactsReader.Read(exchange.Request, Operation.ChatCompletions, 64));

        using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        using var events = new EventStream(new PieceStream(pieces), timer, TimeSpan.FromSeconds(10));
        // As the caller does it: leading comments are passed over until the first event with data is there.
        using var reply = new ProviderReply(
            new Candidate(Deployments.Sim, Deployments.Sim.PriceAt(DateTimeOffset.MaxValue), null), new OpenAiModule(OpenAiVendors.OpenAi), timer, new HttpResponseMessage(), new ReplyFacts())
        {
            Events = events, Direct = new OpenAiDirectOperation(OpenAiVendors.OpenAi),
        };
        while (true)
        {
            if (!events.TryPeek(out var sseEvent))
            {
                if (!await events.ReadAsync()) break;
                continue;
            }
            if (!SseScanner.DataOf(sseEvent, out _).IsEmpty) break;
            events.Take(sseEvent.Length);
        }
        exchange.Call.Standing = reply;
        await StreamPump.RunAsync(exchange, reply, new GuardrailMetrics(), TimeProvider.System);
        return (Comment().Replace(Encoding.UTF8.GetString(sent.ToArray()), ": gateway {COST,${tokens},LATENCY}"), exchange);
    }

    [GeneratedRegex("""^: gateway \{"cost_usd":[0-9.]+,(?<tokens>"input_tokens":[0-9]+,"output_tokens":[0-9]+),"latency_ms":[0-9.]+\}""", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();
}

/// <summary>Deployments as tests need them.</summary>
internal static class Deployments
{
    public static DeploymentSnapshot Sim { get; } = new()
    {
        Id = Guid.CreateVersion7(),
        Name = "sim",
        Provider = new ProviderSnapshot(
            Guid.CreateVersion7(), "p", "openai", new Uri("http://127.0.0.1:1/v1"), IsPrivate: true, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
        UpstreamModel = "sim-small",
        IsEnabled = true,
        Prices =
        [
            new PriceSnapshot(Guid.CreateVersion7(), DateTimeOffset.MinValue, new PriceComponents { Input = 1_000_000_000, CacheRead = 500_000_000, Output = 2_000_000_000 }),
        ],
    };
}
