using System.Collections.Concurrent;
using System.Globalization;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Integration.Tests.Redis;

[Collection(nameof(Alone))]
public sealed class RedisOutageTests
{
    // The time-out of 50 ms, 15 ms to notice it, and what a busy test machine adds before a continuation runs.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task FrozenServer_EveryCallEndsInTimeAndLaterOnesAtOnce()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var redis = await RedisTestClient.StartAsync(server.ConnectionString);
        await server.FreezeAsync();

        var calls = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            var started = TimeProvider.System.GetTimestamp();
            var (outcome, _) = await redis.CountAsync("k", Name(i), TimeSpan.FromMilliseconds(50));
            return (outcome, Took: TimeProvider.System.GetElapsedTime(started));
        })));
        Assert.All(calls, c => Assert.InRange(c.Took, TimeSpan.Zero, TimeSpan.FromMilliseconds(50) + Margin));
        Assert.All(calls, c => Assert.NotEqual(RedisOutcome.Ok, c.outcome));
        Assert.Contains(calls, c => c.outcome == RedisOutcome.TimedOut);
        await redis.IsDownAsync();
        Assert.Equal("timeout", redis.Client.Status.LastFault);

        var refusedAt = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 1000; i++) Assert.Equal(RedisOutcome.NotSent, (await redis.CountAsync("k", Name(i))).Outcome);
        Assert.InRange(TimeProvider.System.GetElapsedTime(refusedAt), TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

        await server.ThawAsync();
        await redis.IsUpAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => redis.CountAsync("k", Name(i))));
        Assert.Equal(Enumerable.Range(0, 1000).Select(Name), replies.Select(r => r.Reply.Split(',')[1]));
    }

    [Fact]
    public async Task AbandonedCalls_AnsweredLate_AreNotTakenForOthers()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        // The breaker does not trip, so the late replies arrive on the connection that is still in use.
        await using var redis = await RedisTestClient.StartAsync(server.ConnectionString, o => o with { TimeoutsToTrip = int.MaxValue });

        for (var round = 0; round < 10; round++)
        {
            await server.FreezeAsync();
            var abandoned = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => redis.CountAsync("k", "old" + Name(i), TimeSpan.FromMilliseconds(20))));
            Assert.All(abandoned, a => Assert.Equal((RedisOutcome.TimedOut, ""), a));
            var next = Task.WhenAll(Enumerable.Range(0, 50).Select(i => redis.CountAsync("k", "new" + Name(i))));
            await server.ThawAsync();

            Assert.Equal(Enumerable.Range(0, 50).Select(i => "new" + Name(i)), (await next).Select(r => r.Reply.Split(',')[1]));
        }
        Assert.True(redis.Client.Status.IsUp);
        Assert.Equal("", redis.Client.Status.LastFault);
    }

    [Fact]
    public async Task StoppedServer_StartedAgain_IsAnotherRun()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var redis = RedisTestClient.Make(server.ConnectionString);
        var changes = new ConcurrentQueue<RedisStatus>();
        redis.Client.StatusChanged += changes.Enqueue;
        redis.Client.Start();
        await redis.IsUpAsync();
        var first = redis.Client.Status.RunId;

        await server.StopAsync();
        await redis.IsDownAsync();
        Assert.Equal(RedisOutcome.NotSent, (await redis.CountAsync("k", "x")).Outcome);
        await server.StartAsync();
        await redis.IsUpAsync();

        Assert.NotEqual(first, redis.Client.Status.RunId);
        Assert.Equal((RedisOutcome.Ok, "[2],x,1"), await redis.CountAsync("k", "x"));
        Assert.Equal([true, false, true], changes.Select(c => c.IsUp));
    }

    [Fact]
    public async Task StoppedServer_CallsOnTheirWay_AreLostNotRepeated()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var redis = await RedisTestClient.StartAsync(server.ConnectionString);
        await server.FreezeAsync();
        var waiting = Enumerable.Range(0, 20).Select(i => redis.CountAsync("k", Name(i), TimeSpan.FromSeconds(10))).ToArray();

        await server.StopAsync();

        Assert.All(await Task.WhenAll(waiting), w => Assert.True(w.Outcome is RedisOutcome.ConnectionLost or RedisOutcome.NotSent or RedisOutcome.Ok, w.Outcome.ToString()));
        await server.StartAsync();
        await redis.IsUpAsync();
        Assert.Equal("null", (await redis.AskAsync("GET", "k")).Reply);
    }

    [Fact]
    public async Task Queue_Full_RefusesAtOnce()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var redis = await RedisTestClient.StartAsync(server.ConnectionString, o => o with { MaxInFlight = 100, TimeoutsToTrip = int.MaxValue });
        await server.FreezeAsync();

        var calls = Enumerable.Range(0, 150).Select(i => redis.CountAsync("k", Name(i), TimeSpan.FromSeconds(10))).ToArray();
        // One place may be the heartbeat's.
        Assert.InRange(calls.Count(c => c.IsCompleted), 50, 51);
        await server.ThawAsync();

        var outcomes = (await Task.WhenAll(calls)).Select(c => c.Outcome).ToArray();
        Assert.InRange(outcomes.Count(o => o == RedisOutcome.Ok), 99, 100);
        Assert.InRange(outcomes.Count(o => o == RedisOutcome.NotSent), 50, 51);
    }

    [Fact]
    public async Task Client_NeverStarted_SendsNothing()
    {
        await using var redis = RedisTestClient.Make("127.0.0.1:1");

        Assert.Equal(RedisOutcome.NotSent, (await redis.AskAsync("PING")).Outcome);
        redis.Client.Start();
        await Eventually.HoldsAsync(() => redis.Client.Status.LastFault == "unreachable", TimeSpan.FromSeconds(30), "the fault is told");
        Assert.Equal(RedisOutcome.NotSent, (await redis.AskAsync("PING")).Outcome);
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}
