using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Content;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Content;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Gateway.Tests.Content;

/// <summary>The steps of the journey that keep texts: what they cost where nothing is kept, what they copy, and when they refuse.</summary>
public sealed class ContentStepTests
{
    private const string Body = """{"model":"m","messages":[{"role":"user","content":"What is it?"}]}""";

    private readonly ContentRoom room = new(Options.Create(new ContentOptions { MaxHeldBytes = 65_536 }));
    private readonly ContentQueue queue = new();
    private readonly ContentMetrics metrics = new();

    private OpenContent Opening => new(room, queue, metrics);

    private KeepContent Keeping(bool isOn = false) => new(queue, metrics, new ContentSwitch(new ConfigurationBuilder().AddInMemoryCollection([new(ContentSwitch.Variable, isOn ? "true" : "false")]).Build()));

    private static Exchange Exchange(ContentSettings? settings, string body = Body)
    {
        var (organisation, team, key) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var built = CatalogBuilder.Build(
            new OrganisationCatalog(
                new OrganisationRow(organisation, "acme", "UTC", null, "closed"), [new TeamRow(team, "blue", [], null, IsArchived: false)], [], [], [], [], [],
                Steering: new SteeringRows(Content: settings is null ? null : [new ContentRow(ContentScopes.Organisation, null, settings)])), null, []);
        var bytes = Encoding.UTF8.GetBytes(body);
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        return new Exchange(http, Operation.ChatCompletions, null, TimeProvider.System)
        {
            Caller = new Caller(new VirtualKeySnapshot { Id = key, OrganisationId = organisation, TeamId = team, Name = "k", Prefix = "agw-x", SecretHash = new byte[32], AllowedModels = [] }, built.Teams[team], built),
            Request = new RequestFacts(rented, bytes.Length),
        };
    }

    private static async Task AnswerAsync(Exchange exchange, string text, string type = "application/json")
    {
        exchange.Http.Response.ContentType = type;
        exchange.Reply.StatusCode = 200;
        exchange.Http.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(text));
        await exchange.Http.Response.BodyWriter.FlushAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhereNothingIsKept_NothingIsAllocatedOrHeld(bool hasPolicy)
    {
        var exchange = Exchange(hasPolicy ? new() { Keep = ContentKeeps.Off } : null);
        var (open, keep) = (Opening, Keeping(isOn: true));
        Run(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((null, 0L, 0), (exchange.Content, room.Held, queue.Count));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var decision = open.DecideAsync(exchange);
                if (!decision.IsCompletedSuccessfully || decision.Result.EndsJourney) Assert.Fail("It waits, or ends the journey.");
                var settled = keep.SettleAsync(exchange);
                if (!settled.IsCompletedSuccessfully) Assert.Fail("It waits.");
            }
        }
    }

    [Fact]
    public async Task Reply_IsCopiedAsTheCallerSeesIt_AndReachesThem()
    {
        var exchange = Exchange(new() { Keep = ContentKeeps.Both });
        Assert.False((await Opening.DecideAsync(exchange)).EndsJourney);
        exchange.IsOpened = true;
        await AnswerAsync(exchange, """{"answer":"It is this."}""");
        // Another way to write, which proxies take.
        await exchange.Http.Response.Body.WriteAsync("!"u8.ToArray());
        await Keeping().SettleAsync(exchange);
        Assert.Equal("""{"answer":"It is this."}!""", Encoding.UTF8.GetString(((MemoryStream)exchange.Http.Response.Body).ToArray()));
        Assert.True(queue.Reader.TryRead(out var capture));
        using (capture)
        {
            var texts = ContentAssembly.Of(capture, out _);
            Assert.Equal((Body, """{"answer":"It is this."}!""", ContentStates.Whole), (texts.Prompt, texts.Reply, capture.State));
            Assert.Null(exchange.TracedTexts);
        }
        Assert.Equal(0, room.Held);
    }

    [Fact]
    public async Task Prompt_ThatWasRefusedBeforeItWasMasked_IsKeptOnlyAsSent()
    {
        foreach (var (text, prompt) in new (string?, string?)[] { (null, null), (ContentForms.Sent, Body) })
        {
            var exchange = Exchange(new() { Keep = ContentKeeps.Both, Text = text });
            await Opening.DecideAsync(exchange);
            exchange.Refusal = Refusal.GuardrailBlocked("no");
            await AnswerAsync(exchange, """{"error":{}}""");
            await Keeping().SettleAsync(exchange);
            Assert.True(queue.Reader.TryRead(out var capture));
            using (capture) Assert.Equal((prompt, ContentStates.Blocked), (ContentAssembly.Of(capture, out _).Prompt, capture.State));
        }
    }

    [Fact]
    public async Task State_SaysHowItEnded()
    {
        async Task<string> EndAsync(Action<Exchange> how)
        {
            var exchange = Exchange(new() { Keep = ContentKeeps.Replies });
            await Opening.DecideAsync(exchange);
            await AnswerAsync(exchange, "data: {}\n\n", "text/event-stream; charset=utf-8");
            how(exchange);
            await Keeping().SettleAsync(exchange);
            Assert.True(queue.Reader.TryRead(out var capture));
            using (capture) return capture.State;
        }

        Assert.Equal(ContentStates.Cancelled, await EndAsync(e => e.Reply.CallerLeft = true));
        Assert.Equal(ContentStates.Cut, await EndAsync(e => e.Reply.BrokenBecause = "broken"));
        Assert.Equal(ContentStates.Blocked, await EndAsync(e => (e.Reply.BrokenBecause, e.Reply.IsKeptBack) = ("guardrail_blocked", true)));
        Assert.Equal(ContentStates.Failed, await EndAsync(e => (e.Refusal, e.Reply.StatusCode) = (Refusal.UpstreamTimeout("late"), 504)));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public async Task Traces_GetTexts_OnlyWhereSwitchAndPolicySaySo(bool isOn, bool traces, bool expected)
    {
        var exchange = Exchange(new() { Keep = ContentKeeps.Both, Traces = traces });
        await Opening.DecideAsync(exchange);
        exchange.IsOpened = true;
        await AnswerAsync(exchange, "{}");
        await Keeping(isOn).SettleAsync(exchange);
        Assert.Equal(expected, exchange.TracedTexts is not null);
    }

    [Fact]
    public async Task Room_ThatIsFull_LosesAndCounts_OrRefusesWhereRequired()
    {
        Assert.True(room.TryTake(60_000));
        var exchange = Exchange(new() { Keep = ContentKeeps.Both, MaxBytes = 65_536 });
        Assert.False((await Opening.DecideAsync(exchange)).EndsJourney);
        exchange.IsOpened = true;
        await AnswerAsync(exchange, new string('x', 20_000));
        await Keeping().SettleAsync(exchange);
        // The caller has it all the same.
        Assert.Equal(20_000, ((MemoryStream)exchange.Http.Response.Body).Length);
        Assert.Equal((0, 1L, 60_000L), (queue.Count, metrics.Full.Value, room.Held));

        var required = Exchange(new() { Keep = ContentKeeps.Both, Required = true });
        var refusal = (await Opening.DecideAsync(required)).Refusal;
        Assert.Equal((503, "store_unavailable", 1L), (refusal!.Status, refusal.Code, metrics.Refused.Value));
        Assert.Null(required.Content);
        room.Give(60_000);
        Assert.False((await Opening.DecideAsync(required)).EndsJourney);
    }

    [Fact]
    public async Task Store_ThatIsAway_IsTriedAgain_AndRefusesWhatIsRequired()
    {
        // Nothing listens there.
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=u;Password=p;Database=d;Timeout=2");
        var options = Options.Create(new ContentOptions { RetryMs = 1, StoreMs = 2_000 });
        var store = new ContentStore(nowhere, new ContentKeyStore(nowhere, new SecretBox(Convert.ToBase64String(new byte[32]))), options, TimeProvider.System);
        using var writer = new ContentWriter(queue, store, metrics, options, TimeProvider.System, NullLogger<ContentWriter>.Instance);
        var exchange = Exchange(new() { Keep = ContentKeeps.Both });
        await Opening.DecideAsync(exchange);
        exchange.IsOpened = true;
        await AnswerAsync(exchange, "{}");
        await Keeping().SettleAsync(exchange);
        Assert.True(room.Held > 0);

        using var stopping = new CancellationTokenSource();
        var writing = writer.WriteBatchAsync(stopping.Token);
        while (!queue.IsAway) await Task.Yield();
        Assert.Equal("store_unavailable", (await Opening.DecideAsync(Exchange(new() { Keep = ContentKeeps.Both, Required = true }))).Refusal?.Code);
        Assert.False((await Opening.DecideAsync(Exchange(new() { Keep = ContentKeeps.Prompts }))).EndsJourney);
        Assert.False(writing.IsCompleted);
        await stopping.CancelAsync();
        Assert.False(await writing);
        // What could not be written when the process stops is counted, and its bytes are given back.
        Assert.Equal((1L, 0L), (metrics.Failed.Value, room.Held));
    }
}
