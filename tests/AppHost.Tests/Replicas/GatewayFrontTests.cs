using AspireGateway.AppHost.Local.Output;
using AspireGateway.AppHost.Local.Replicas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AspireGateway.AppHost.Tests.Replicas;

public sealed class GatewayFrontTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WebApplication> _replicas = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler()) { Timeout = s_patience };
    private GatewayFront _front = null!;
    private Dictionary<string, string> _addresses = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "one", "two" })
            _addresses[name] = await StartReplicaAsync(name);
        _front = await GatewayFront.StartAsync("http://127.0.0.1:0", _addresses, new HostConsole(TextWriter.Null, TextWriter.Null, colour: false), Token);
        _client.BaseAddress = new Uri(_front.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _goOn.TrySetResult();
        _client.Dispose();
        await _front.DisposeAsync();
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task Request_SeveralReplicas_ReachesEachInTurn()
    {
        var names = new List<string>();
        for (var i = 0; i < 10; i++)
            names.Add(await _client.GetStringAsync("/name", Token));

        Assert.Equal(5, names.Count(name => name == "one"));
        Assert.Equal(5, names.Count(name => name == "two"));
    }

    [Fact]
    public async Task Request_HostAndBody_ArriveUnchanged()
    {
        var answer = await _client.PostAsync("/echo?a=%20b", new StringContent("body"), Token);

        Assert.Equal($"{_client.BaseAddress!.Authority} /echo?a=%20b body", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Stream_FirstEvent_ArrivesBeforeTheSecondIsWritten()
    {
        using var answer = await _client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));

        Assert.Equal("data: 1", await reader.ReadLineAsync(Token));
        _goOn.SetResult();

        Assert.Equal("\ndata: 2\n\n", await reader.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Stream_ClientHangsUp_ReachesTheReplica()
    {
        using (var answer = await _client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead, Token))
            Assert.True(answer.IsSuccessStatusCode);

        await _clientGone.Task.WaitAsync(s_patience, Token);
    }

    [Fact]
    public async Task Remove_Replica_GetsNothingMore()
    {
        Assert.Equal(1, _front.Remove("one"));
        await UntilAsync(async () => await NamesAsync(4) is ["two", "two", "two", "two"]);
        Assert.Equal(0, _front.Remove("two"));
    }

    [Fact]
    public async Task HealthCheck_ReplicaNotReady_GetsNothingUntilItIs()
    {
        await _client.PostAsync($"{_addresses["one"]}/unready", null, Token);

        await UntilAsync(async () => (await NamesAsync(6)).All(name => name == "two"));

        await _client.PostAsync($"{_addresses["one"]}/ready", null, Token);
        await UntilAsync(async () => (await NamesAsync(6)).Contains("one"));
    }

    private async Task<string[]> NamesAsync(int count)
    {
        var names = new string[count];
        for (var i = 0; i < count; i++)
            names[i] = await _client.GetStringAsync("/name", Token);
        return names;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }

    private async Task<string> StartReplicaAsync(string name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        _replicas.Add(app);
        var ready = true;
        app.MapGet("/health/ready", () => ready ? Results.Ok() : Results.StatusCode(503));
        app.MapPost("/ready", () => { ready = true; });
        app.MapPost("/unready", () => { ready = false; });
        app.MapGet("/name", () => name);
        app.MapPost("/echo", async (HttpContext context) =>
            $"{context.Request.Host} {context.Request.Path}{context.Request.QueryString} {await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted)}");
        app.MapGet("/stream", async (HttpContext context) =>
        {
            context.RequestAborted.Register(() => _clientGone.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await _goOn.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("data: 2\n\n", context.RequestAborted);
        });
        await app.StartAsync(Token);
        return app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }
}
