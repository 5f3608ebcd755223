using System.Diagnostics;
using System.Net;
using System.Text;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>Requests that wait at a limit instead of being refused. Each test has a feature of its own, of which one request may run.</summary>
public sealed class QueueTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private const int Long = 120_000;

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task Queued_WaitsAndIsServedWhenThereIsRoom()
    {
        await OneAtATimeAsync("waits", Long);
        using var first = await BlockAsync("waits");

        var second = SendAsync("waits", "second");
        await DepthAsync(1);
        Assert.Empty(Order("second"));
        await first.LeaveAsync();

        using var served = await second;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        await DepthAsync(0);
    }

    [Fact]
    public async Task Deadline_IsAnHonest429()
    {
        await OneAtATimeAsync("deadline", 300);
        using var first = await BlockAsync("deadline");
        var started = Stopwatch.GetTimestamp();

        using var refused = await SendAsync("deadline", "late");

        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(290));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        var (code, message) = await Ask.ErrorAsync(refused);
        Assert.Equal("queue_timeout", code);
        Assert.Matches("^The request waited [0-9,]+ ms for its turn\\. Feature 'deadline' runs 1 of at most 1 requests", message);
        Assert.Empty(Order("late"));
        await first.LeaveAsync();
    }

    [Fact]
    public async Task CallerWhoLeaves_LeavesTheQueue()
    {
        await OneAtATimeAsync("leaves", Long);
        using var first = await BlockAsync("leaves");
        using var leaving = new CancellationTokenSource();
        var second = SendAsync("leaves", "leaver", cancellationToken: leaving.Token);
        await DepthAsync(1);
        var third = SendAsync("leaves", "stayer");
        await DepthAsync(2);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await DepthAsync(1);
        await first.LeaveAsync();

        using var served = await third;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(["stayer"], Order("leaver", "stayer"));
    }

    [Fact]
    public async Task Queue_IsBounded_ForAKeyAndForAll()
    {
        await OneAtATimeAsync("bounded", Long);
        var other = await world.AddKeyAsync();
        await world.AppliedAsync(gateway);
        using var first = await BlockAsync("bounded");
        using var leaving = new CancellationTokenSource();
        // Twelve of one key, twenty in all, as the gateway is set.
        var waiting = new List<Task>();
        for (var i = 1; i <= 20; i++)
        {
            waiting.Add(SendAsync("bounded", "waiter", i <= 12 ? world.World.Key : other.Secret, leaving.Token));
            await DepthAsync(i);
            if (i is not (12 or 20)) continue;
            using var refused = await SendAsync("bounded", "too many", i == 12 ? world.World.Key : other.Secret);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            var (code, message) = await Ask.ErrorAsync(refused);
            Assert.Equal("queue_timeout", code);
            Assert.Contains("too many requests wait already", message, StringComparison.Ordinal);
        }

        await leaving.CancelAsync();
        foreach (var call in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await DepthAsync(0);
        await first.LeaveAsync();
        Assert.Empty(Order("waiter", "too many"));
    }

    [Fact]
    public async Task Keys_TakeTurns()
    {
        await OneAtATimeAsync("fair", Long);
        var other = await world.AddKeyAsync();
        await world.AppliedAsync(gateway);
        using var first = await BlockAsync("fair");
        var calls = new List<Task<HttpResponseMessage>>();
        foreach (var (name, key) in ((string, string)[])[("a1", world.World.Key), ("a2", world.World.Key), ("a3", world.World.Key), ("a4", world.World.Key), ("b1", other.Secret), ("b2", other.Secret)])
        {
            calls.Add(SendAsync("fair", name, key));
            await DepthAsync(calls.Count);
        }
        await first.LeaveAsync();
        await ServedAsync(calls);

        // a1 was the first to come and asks for room already.
        Assert.Equal(["a1", "a2", "b1", "a3", "b2", "a4"], Order("a1", "a2", "a3", "a4", "b1", "b2"));
    }

    [Fact]
    public async Task PriorityClasses_AreServedByWeight_AndNoneStarves()
    {
        await OneAtATimeAsync("classes", Long);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var priority in PriorityClasses.All) keys[priority] = (await world.AddKeyAsync($"priority = '{priority}'")).Secret;
        await world.AppliedAsync(gateway);
        using var first = await BlockAsync("classes");
        var calls = new List<Task<HttpResponseMessage>>();
        // The lowest come first; the very first of all asks for room already.
        foreach (var priority in (string[])["normal", .. Enumerable.Repeat("low", 3), .. Enumerable.Repeat("normal", 5), .. Enumerable.Repeat("high", 10)])
        {
            calls.Add(SendAsync("classes", priority, keys[priority]));
            await DepthAsync(calls.Count);
        }
        await first.LeaveAsync();
        await ServedAsync(calls);

        var round = Order("low", "normal", "high").Skip(1).Take(13).CountBy(name => name).ToDictionary(StringComparer.Ordinal);
        Assert.Equal((1, 3, 9), (round["low"], round["normal"], round["high"]));
    }

    private static async Task ServedAsync(IEnumerable<Task<HttpResponseMessage>> calls)
    {
        foreach (var call in calls)
        {
            using var response = await call;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task OneAtATimeAsync(string feature, int queueMs)
    {
        await world.LimitAsync(ScopeKinds.Feature, feature, LimitUnits.Concurrency, 1, onLimit: LimitActions.Queue, queueMs: queueMs);
        await world.AppliedAsync(gateway);
    }

    private async Task<Blocker> BlockAsync(string feature)
    {
        var leaving = new CancellationTokenSource();
        var call = gateway.ChatAsync(world.World.Key, Ask.Body($"blocks {feature}", "stall-before-first"), cancellationToken: leaving.Token, headers: ("x-gateway-feature", feature));
        await world.World.Simulator.WaitForRequestAsync(request => Text(request).Contains($"blocks {feature}", StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        return new Blocker(call, leaving);
    }

    private Task<HttpResponseMessage> SendAsync(string feature, string name, string? key = null, CancellationToken cancellationToken = default) =>
        gateway.ChatAsync(key ?? world.World.Key, Ask.Body($"I am {name}."), cancellationToken: cancellationToken, headers: ("x-gateway-feature", feature));

    private Task<TimeSpan> DepthAsync(int depth) => Eventually.HoldsAsync(async () => (int)await gateway.MetricAsync("llm_queue_depth") == depth, TimeSpan.FromSeconds(30), $"{depth} requests wait");

    private List<string> Order(params string[] names) =>
        [.. world.World.Simulator.Requests.Select(request => NameIn(Text(request))).Where(name => names.Contains(name, StringComparer.Ordinal))];

    private static string Text(Simulator.Recording.RecordedRequest request) => request.Body is { } body ? Encoding.UTF8.GetString(body) : "";

    private static string NameIn(string text)
    {
        const string Before = "I am ";
        var at = text.IndexOf(Before, StringComparison.Ordinal);
        return at < 0 ? "" : text[(at + Before.Length)..text.IndexOf('.', at)];
    }

    private sealed class Blocker(Task<HttpResponseMessage> call, CancellationTokenSource leaving) : IDisposable
    {
        public async Task LeaveAsync()
        {
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        public void Dispose()
        {
            leaving.Cancel();
            leaving.Dispose();
        }
    }
}
