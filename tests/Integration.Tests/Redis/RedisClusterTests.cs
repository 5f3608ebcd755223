using System.Globalization;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Integration.Tests.Redis;

public sealed class RedisClusterTests
{
    private const int HalfOfTheSlots = 8192;

    [Fact]
    public async Task Cluster_OfTwo_CallsReachTheServerOfTheirKey()
    {
        int[] buses = [FreePorts.Next(), FreePorts.Next()];
        await using var lower = await RedisServer.StartPrivateAsync("noeviction", "--cluster-enabled", "yes", "--cluster-port", Text(buses[0]));
        await using var upper = await RedisServer.StartPrivateAsync("noeviction", "--cluster-enabled", "yes", "--cluster-port", Text(buses[1]));
        await using var atLower = await RedisTestClient.StartAsync(lower.ConnectionString);
        await using var atUpper = await RedisTestClient.StartAsync(upper.ConnectionString);
        await atLower.AskAsync("CLUSTER", "ADDSLOTSRANGE", "0", Text(HalfOfTheSlots - 1));
        await atUpper.AskAsync("CLUSTER", "ADDSLOTSRANGE", Text(HalfOfTheSlots), "16383");
        await atLower.AskAsync("CLUSTER", "MEET", "127.0.0.1", upper.ConnectionString.Split(':')[1], Text(buses[1]));
        await Eventually.HoldsAsync(
            async () => (await atLower.AskAsync("CLUSTER", "INFO")).Reply.Contains("cluster_state:ok", StringComparison.Ordinal)
                && (await atUpper.AskAsync("CLUSTER", "INFO")).Reply.Contains("cluster_state:ok", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30), "the cluster is whole");

        await using var redis = await RedisTestClient.StartAsync(lower.ConnectionString);
        for (var round = 1; round <= 2; round++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => redis.CountAsync("{" + Text(i) + "}:k", Text(i))));
            Assert.Equal(Enumerable.Range(0, 200).Select(i => $"[2],{Text(i)},{Text(round)}"), replies.Select(r => r.Reply));
        }

        var there = int.Parse((await atUpper.AskAsync("DBSIZE")).Reply, CultureInfo.InvariantCulture);
        Assert.InRange(there, 50, 150);
        Assert.Equal(200 - there, int.Parse((await atLower.AskAsync("DBSIZE")).Reply, CultureInfo.InvariantCulture));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
