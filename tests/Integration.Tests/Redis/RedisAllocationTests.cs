using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Integration.Tests.Redis;

/// <summary>What is allocated anywhere in the process counts, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(RedisAllocations), DisableParallelization = true)]
public sealed class RedisAllocations;

[Collection(nameof(RedisAllocations))]
public sealed class RedisAllocationTests
{
    private const int Senders = 32, CallsPerSender = 320;

    // The heartbeat, the servers' output and the runner allocate a little now and then; a call itself nothing.
    private const double BytesPerCall = 4;

    [Fact]
    public async Task Calls_InSteadyState_AllocateNothing()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var redis = await RedisTestClient.StartAsync(server.ConnectionString);
        var least = double.MaxValue;

        for (var round = 0; round < 10; round++)
        {
            var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var senders = Enumerable.Range(0, Senders).Select(_ => SendAsync(redis.Client, go.Task)).ToArray();
            var all = Task.WhenAll(senders);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            go.SetResult();
            await all;
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Senders * CallsPerSender));
        }

        Assert.InRange(least, 0, BytesPerCall);
    }

    private static async Task SendAsync(RedisClient client, Task go)
    {
        await go;
        for (var i = 0; i < CallsPerSender; i++)
        {
            using var call = client.Rent();
            call.BeginScript(RedisTestClient.Count, keys: 1, args: 1);
            call.Arg("allocations"u8);
            call.Arg(i);
            if (await client.SendAsync(call, TimeSpan.FromSeconds(5)) != RedisOutcome.Ok || call.Reply.ArrayLength != 2) throw new InvalidOperationException("no answer");
        }
    }
}
