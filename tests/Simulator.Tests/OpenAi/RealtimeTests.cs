using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AspireGateway.Simulator.Recording;

namespace AspireGateway.Simulator.Tests.OpenAi;

public sealed class RealtimeTests : SimulatorTest
{
    [Fact]
    public async Task Messages_TextAndBinary_ComeBack()
    {
        using var socket = await ConnectAsync();
        var (_, hello) = await ReceiveAsync(socket);
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, Timeout);
        var (textType, text) = await ReceiveAsync(socket);
        await socket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, true, Timeout);
        var (binaryType, binary) = await ReceiveAsync(socket);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Timeout);

        Assert.Equal("session.created", JsonElement.Parse(hello).GetProperty("type").GetString());
        Assert.Equal((WebSocketMessageType.Text, "ping"), (textType, Encoding.UTF8.GetString(text)));
        Assert.Equal(WebSocketMessageType.Binary, binaryType);
        Assert.Equal([1, 2, 3], binary);
        var seen = await Simulator.WaitForRequestAsync(r => r.Finished, cancellationToken: Timeout);
        Assert.Equal(("/v1/realtime?model=sim-voice", "sim-voice", KeyMask.Of(Key), 2), (seen.Path, seen.Model, seen.Key, seen.ChunksSent));
    }

    [Fact]
    public async Task CutAfter_One_BreaksTheConnection()
    {
        Simulator.ScriptFor("sim-voice", "cut-after=1");
        using var socket = await ConnectAsync();
        await ReceiveAsync(socket);
        await socket.SendAsync("one"u8.ToArray(), WebSocketMessageType.Text, true, Timeout);

        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            while (true) await ReceiveAsync(socket);
        });
    }

    [Fact]
    public async Task Upgrade_Scripted_IsRefused()
    {
        Simulator.Script("status=429");
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Authorization", "Bearer " + Key);

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address, Timeout));
        Assert.Equal(HttpStatusCode.TooManyRequests, socket.HttpStatusCode);
    }

    private Uri Address => new UriBuilder(Simulator.BaseUrl) { Scheme = "ws", Path = "/v1/realtime", Query = "model=sim-voice" }.Uri;

    private async Task<ClientWebSocket> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + Key);
        await socket.ConnectAsync(Address, Timeout);
        return socket;
    }

    private static async Task<(WebSocketMessageType Type, byte[] Message)> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var result = await socket.ReceiveAsync(buffer, Timeout);
        return (result.MessageType, buffer[..result.Count]);
    }
}
