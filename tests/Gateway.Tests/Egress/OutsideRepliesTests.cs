using System.Text;
using AspireGateway.Gateway.Egress;
using AspireGateway.Gateway.Guardrails.External;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Gateway.Tests.Guardrails.External;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Egress;

/// <summary>Replies that checks outside of the gateway look at: whole ones, and streams that are held until they have.</summary>
public sealed class OutsideRepliesTests(CheckServer server) : IClassFixture<CheckServer>, IDisposable
{
    private const string Allows = """{"action":"allow"}""";
    private const string Blocks = """{"action":"block","findings":[{"type":"LEAK"}]}""";

    private readonly CheckCaller caller = new(ExternalWorld.Box, TimeProvider.System);

    public void Dispose() => caller.Dispose();

    [Fact]
    public async Task Stream_Allowed_GoesOutWholeAndRestored()
    {
        server.Answer(Allows);
        var (text, exchange) = await StreamAsync("falcon", "It is <BANNED", "_WORD_1>, I say");

        Assert.Equal("It is falcon, I say", Words(text));
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Contains("\"output\":\"It is \\u003CBANNED_WORD_1\\u003E, I say\"", server.Asked.Single().Body, StringComparison.Ordinal);
        Assert.Null(exchange.Refusal);
    }

    [Fact]
    public async Task Stream_Blocked_LetsNothingOutButTheError()
    {
        server.Answer(Blocks);
        var (text, exchange) = await StreamAsync("x", "harm", "ful");

        Assert.DoesNotContain("harm", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Contains("guardrail_blocked", text, StringComparison.Ordinal);
        Assert.Equal("guardrail_blocked", exchange.Refusal!.Code);
        Assert.True(exchange.Reply.IsKeptBack);
    }

    [Fact]
    public async Task Stream_WhereSomethingShallBeMasked_LetsNothingOut()
    {
        server.Answer("""{"action":"mask","findings":[{"type":"CODENAME","start":0,"end":4}]}""");
        Assert.DoesNotContain("harm", (await StreamAsync("x", "harmful")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_DeadCheck_LetsNothingOut()
    {
        server.Does = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        Assert.DoesNotContain("harm", (await StreamAsync("x", "harmful")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_CutByTheProvider_LetsNothingOutThatNobodyLookedAt()
    {
        server.Answer(Allows);
        var (text, _) = await StreamUpToAsync("x", "", "harmful");

        Assert.DoesNotContain("harm", text, StringComparison.Ordinal);
        Assert.Contains("error", text, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData(Allows, "It is falcon")]
    [InlineData("""{"action":"mask","findings":[{"type":"VERB","start":3,"end":5}]}""", "It <VERB> falcon")]
    public async Task Whole_Allowed_IsMaskedAndRestored(string answer, string words)
    {
        var body = """{"choices":[{"index":0,"message":{"role":"assistant","content":"It is <BANNED_WORD_1>"}}]}""";
        var exchange = await ScreenedAsync("falcon");
        var rule = ExternalScreen.RuleOf(exchange.Screened, isReply: true)!;
        server.Answer(answer);
        var metrics = new GatewayMetrics();
        var (refusal, written) = await ReplyScreening.OutsideAsync(exchange, rule, new ExternalScreen(caller, metrics), Encoding.UTF8.GetBytes(body), metrics.Guardrails);

        Assert.Null(refusal);
        Assert.Contains($"\"content\":\"{words}\"", Encoding.UTF8.GetString(written!.Written.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("falcon", server.Asked.Single().Body, StringComparison.Ordinal);
        written.Dispose();
    }

    [Fact]
    public async Task Whole_Blocked_IsRefused()
    {
        var exchange = await ScreenedAsync("x");
        server.Answer(Blocks);
        var metrics = new GatewayMetrics();
        var (refusal, written) = await ReplyScreening.OutsideAsync(
            exchange, ExternalScreen.RuleOf(exchange.Screened, isReply: true)!, new ExternalScreen(caller, metrics), Encoding.UTF8.GetBytes("""{"choices":[{"message":{"content":"harm"}}]}"""), metrics.Guardrails);

        Assert.Null(written);
        Assert.Contains("1 LEAK", refusal!.Message, StringComparison.Ordinal);
    }

    private async Task<Exchange> ScreenedAsync(string text)
    {
        var settings = new GuardrailSettings
        {
            ExternalChecks = new() { Level = GuardrailLevels.Standard, ReplyAction = GuardrailActions.Block, Checks = ["check"] },
            BannedPatterns = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Mask, Words = ["falcon"] },
        };
        CheckRow[] checks = [ExternalWorld.Row(GuardrailCheckKinds.Webhook, server.Address) with { AppliesTo = GuardrailCheckTexts.Replies }];
        var (refusal, _, exchange) = await ExternalWorld.ScreenAsync(caller, settings, text, checks);
        Assert.Null(refusal);
        return exchange;
    }

    private Task<(string Text, Exchange Exchange)> StreamAsync(string asked, params string[] pieces) => StreamUpToAsync(asked, "data: [DONE]\n\n", pieces);

    private async Task<(string Text, Exchange Exchange)> StreamUpToAsync(string asked, string end, params string[] pieces)
    {
        var exchange = await ScreenedAsync(asked);
        var sent = new MemoryStream();
        exchange.Http.Response.Body = sent;
        var events = string.Concat(pieces.Select(piece => $$"""data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"{{piece}}"} }]}""" + "\n\n"));
        var last = end.Length == 0 ? "" : """data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
        using var timer = new AttemptTimer(long.MaxValue, CancellationToken.None);
        using var stream = new EventStream(new MemoryStream(Encoding.UTF8.GetBytes(events + last + end)), timer, TimeSpan.FromSeconds(10));
        using var reply = new ProviderReply(
            new Candidate(Deployments.Sim, Deployments.Sim.PriceAt(DateTimeOffset.MaxValue), null), new OpenAiModule(OpenAiVendors.OpenAi), timer, new HttpResponseMessage(), new ReplyFacts())
        {
            Events = stream, Direct = new OpenAiDirectOperation(OpenAiVendors.OpenAi),
        };
        exchange.Call.Standing = reply;
        var metrics = new GatewayMetrics();
        await StreamPump.RunAsync(exchange, reply, metrics.Guardrails, TimeProvider.System, new ExternalScreen(caller, metrics));
        return (Encoding.UTF8.GetString(sent.ToArray()), exchange);
    }

    private static string Words(string events)
    {
        var words = new StringBuilder();
        foreach (var line in events.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var data = System.Text.Json.JsonDocument.Parse(line["data: ".Length..]);
            if (data.RootElement.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content)) words.Append(content.GetString());
        }
        return words.ToString();
    }
}
