using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Gateway.Tests.Guardrails.External;

/// <summary>A check on a real socket that does what the test says.</summary>
public sealed class CheckServer : IAsyncLifetime
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Body, IHeaderDictionary Headers)> asked = new();

    public CheckServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            asked.Enqueue((await reader.ReadToEndAsync(), new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value))));
            await Does(http);
        });
    }

    /// <summary>What it was asked.</summary>
    internal IReadOnlyList<(string Body, IHeaderDictionary Headers)> Asked => [.. asked];

    /// <summary>What it does with the next question.</summary>
    internal Func<HttpContext, Task> Does { get; set; } = _ => Task.CompletedTask;

    /// <summary>Where it listens.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Answers so, and forgets what it was asked.</summary>
    internal void Answer(string body)
    {
        asked.Clear();
        Does = http => http.Response.WriteAsync(body);
    }

    public async ValueTask InitializeAsync() => await app.StartAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
