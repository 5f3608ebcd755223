using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Gateway.Tests.Matrix;

/// <summary>What a provider answers, byte by byte.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Its headers, the content type among them.</param>
/// <param name="Body">The whole body.</param>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>A provider on a real socket that gives every call the same answer.</summary>
public sealed class AnsweringServer : IAsyncLifetime
{
    private readonly WebApplication app;

    public AnsweringServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    /// <summary>The answer to what is asked next.</summary>
    internal Answer Next { get; set; } = new(500, new Dictionary<string, string>(), []);

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async ValueTask InitializeAsync() => await app.StartAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        http.Response.StatusCode = Next.Status;
        foreach (var (name, value) in Next.Headers) http.Response.Headers[name] = value;
        await http.Response.Body.WriteAsync(Next.Body);
    }
}
