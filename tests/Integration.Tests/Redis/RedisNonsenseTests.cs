using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Integration.Tests.Redis;

/// <summary>A server between the client and Redis that answers one call with something of its own.</summary>
public sealed class RedisNonsenseTests(StoresFixture stores)
{
    [Theory]
    [InlineData("what?\r\n", RedisOutcome.ConnectionLost)]
    [InlineData("$99999999999\r\n", RedisOutcome.ConnectionLost)]
    [InlineData("*1\r\n*1\r\n~1\r\n", RedisOutcome.ConnectionLost)]
    [InlineData(":1\r\n:2\r\n", RedisOutcome.Ok)]
    [InlineData("-READONLY You can't write against a read only replica.\r\n", RedisOutcome.Error)]
    [InlineData("-MOVED nowhere\r\n", RedisOutcome.Error)]
    public async Task Reply_OfNonsense_EndsTheConnectionNotTheCaller(string nonsense, RedisOutcome expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, nonsense);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var redis = await RedisTestClient.StartAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));

        Assert.Equal(expected, (await redis.AskAsync("ECHO", "nonsense")).Outcome);

        if (nonsense.StartsWith("-MOVED", StringComparison.Ordinal)) Assert.True(redis.Client.Status.IsUp);
        else await Eventually.HoldsAsync(() => redis.Client.Status.LastFault.Length > 0, TimeSpan.FromSeconds(30), "the connection was closed");
        await redis.IsUpAsync();
        Assert.Equal((RedisOutcome.Ok, "sense"), await redis.AskAsync("ECHO", "sense"));
        listener.Stop();
        await served;
    }

    private async Task ServeAsync(TcpListener listener, string nonsense)
    {
        var pairs = new List<Task>();
        try
        {
            while (true) pairs.Add(PassAsync(await listener.AcceptTcpClientAsync(), nonsense));
        }
        catch (SocketException)
        {
            // The test ended.
        }
    }

    private async Task PassAsync(TcpClient client, string nonsense)
    {
        using var pair = client;
        var address = stores.Redis.ConnectionString.Split(',')[0].Split(':');
        using var server = new TcpClient(address[0], int.Parse(address[1], CultureInfo.InvariantCulture));
        var back = server.GetStream().CopyToAsync(client.GetStream());
        var buffer = new byte[64 * 1024];
        try
        {
            while (await client.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                if (buffer.AsSpan(0, count).IndexOf("nonsense"u8) >= 0) await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(nonsense));
                else await server.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
            server.Close();
            await back;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // Closed by the client, which is what the test is about.
        }
    }
}
