using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>A vendor with the operations that the simulator does not have: it answers what a test tells it to, and remembers what it received.</summary>
internal sealed class VendorServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Received> received = new();

    private VendorServer(WebApplication app) => this.app = app;

    /// <summary>Its address, without a slash at the end.</summary>
    public string BaseUrl => app.Urls.First();

    /// <summary>How it answers; set by each test before it asks.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The last request.</summary>
    public Received Last => received.Last();

    /// <summary>Requests so far.</summary>
    public int Count => received.Count;

    public static async Task<VendorServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var built = builder.Build();
        var server = new VendorServer(built);
        built.UseWebSockets();
        built.Run(server.RunAsync);
        await built.StartAsync();
        return server;
    }

    /// <summary>Answers with a whole body.</summary>
    public void Answers(string contentType, string body, int status = 200, params (string Name, string Value)[] headers) => Answer = async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        foreach (var (name, value) in headers) http.Response.Headers[name] = value;
        await http.Response.WriteAsync(body);
    };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task RunAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        if (!http.WebSockets.IsWebSocketRequest) await http.Request.Body.CopyToAsync(body);
        received.Enqueue(new Received(
            http.Request.Method, http.Request.Path + http.Request.QueryString.ToString(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        if (http.WebSockets.IsWebSocketRequest) await EchoAsync(http);
        else await Answer(http);
    }

    private static async Task EchoAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync(http.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        var buffer = new byte[4096];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer, http.RequestAborted);
            if (got.MessageType == WebSocketMessageType.Close) break;
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, http.RequestAborted);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
    }

    /// <summary>What it received.</summary>
    internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string Text => Encoding.UTF8.GetString(Body);

        public bool Mentions(string secret) => Path.Contains(secret, StringComparison.Ordinal) || Text.Contains(secret, StringComparison.Ordinal)
            || Headers.Any(header => header.Value.Contains(secret, StringComparison.Ordinal) || header.Key.Contains(secret, StringComparison.Ordinal));
    }
}
