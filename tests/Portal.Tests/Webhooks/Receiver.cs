using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Portal.Tests.Webhooks;

/// <summary>A real HTTP server that takes webhooks as a customer's would.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private Receiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<(string Path, IHeaderDictionary Headers, string Body)> Taken { get; } = new();

    /// <summary>What to answer; 200 at first.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    public string Address => app.Urls.Single();

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var receiver = new Receiver(server);
        server.Run(receiver.TakeAsync);
        await server.StartAsync();
        return receiver;
    }

    /// <summary>Verifies as the specification tells receivers to, by code of its own.</summary>
    public static bool Verify(string secret, IHeaderDictionary headers, string body)
    {
        var key = Convert.FromBase64String(secret.Split('_', 2)[1]);
        var signed = string.Create(CultureInfo.InvariantCulture, $"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}");
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
        return headers["webhook-signature"].ToString().Split(' ').Contains(expected, StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        Taken.Enqueue((http.Request.Path, new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)), await reader.ReadToEndAsync()));
        http.Response.StatusCode = Status;
        if (Status is >= 300 and < 400) http.Response.Headers.Location = "/elsewhere";
        await http.Response.WriteAsync(new string('x', 200_000));
    }
}
